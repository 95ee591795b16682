import assert from "node:assert/strict";
import { test } from "node:test";
import { wordsOf } from "../../../src/engine/embed/words-split";
import { Vocabulary } from "../../../src/engine/embed/words-vocabulary";

const KNOWN =
  "the do not can will shall would have are am it is they cannot dont paris eau state of art state-of-the-art e-mail " +
  "email well known self driving camel case snake html parser pull request iphone get user name covid online cafe naive " +
  "example com docs intro john smith bank www http top up under21 h1n1 mp3 we rock n roll i a b";
const vocabulary = { words: KNOWN.split(" "), indexOf: (word: string) => KNOWN.split(" ").indexOf(word) };
const split = (text: string): string =>
  wordsOf(text, vocabulary)
    .map((index) => vocabulary.words[index])
    .join(" ");

const cases: [string, [text: string, words: string][]][] = [
  ["case is folded, unknown words and signs are passed over", [["The  CAFE, qwzx! (art)", "the cafe art"]]],
  [
    "contractions are spelt out, with straight and curly apostrophes",
    [
      ["I don't", "i do not"],
      ["It’s", "it"],
      ["can't won't shan't", "can not will not shall not"],
      ["they'll they've they're we'd i'm", "they will they have they are we would i am"],
      ["Paris's Paris’ 'art'", "paris paris art"],
    ],
  ],
  ["other apostrophes part words", [["l'eau rock'n'roll", "eau rock n roll"]]],
  [
    "a compound is one word if it is known as it stands or joined, else its parts are taken",
    [
      ["state-of-the-art", "state-of-the-art"],
      ["On-line e-mail", "online e-mail"],
      ["well-known self-driving top-up", "well known self driving top up"],
      ["state\u2010of\u2010the\u2010art", "state-of-the-art"],
      ["- -- art- -of", "art of"],
    ],
  ],
  [
    "camelCase, snake_case and words with digits are parted unless they are known",
    [
      ["camelCase HTMLParser getUserName", "camel case html parser get user name"],
      ["snake_case __get_user__ SNAKE_CASE", "snake case get user snake case"],
      ["iPhone", "iphone"],
      ["covid19 COVID-19 mp3 H1N1", "covid covid mp3 h1n1"],
      ["pullRequest_name", "pull request name"],
    ],
  ],
  ["numbers and ordinals are no words", [["1 2.5 1,000 21st 3RD 2024-01-01", ""]]],
  [
    "of an address the host and the path count, of a mail address its words",
    [
      ["see https://www.example.com/docs/intro?user=name#art now", "example com docs intro"],
      ["www.example.com/docs", "example com docs"],
      ["john.smith@bank.com", "john smith bank com"],
    ],
  ],
  ["an accent is dropped when only the plain word is known", [["café Naïve CAFE\u0301", "cafe naive cafe"]]],
  ["signs that can't be seen don't part words", [["ca\u00ADfe \uFEFFart", "cafe art"]]],
  ["other scripts and emoji are passed over", [["Привет 日本語 👍 art", "art"]]],
  [
    "an empty text has no words",
    [
      ["", ""],
      [" \n\t", ""],
    ],
  ],
];
for (const [name, texts] of cases) {
  test(name, () => {
    for (const [text, words] of texts) assert.equal(split(text), words, text);
  });
}

test("splitting takes time in proportion to the text", { timeout: 10_000 }, () => {
  for (const unit of ["a-", "a'", "Aa", "x_", "http://", "é", "1a", "'-_"]) wordsOf(unit.repeat(100_000), vocabulary);
});

test("a vocabulary finds each of its words and no other", () => {
  const words = Array.from({ length: 5_000 }, (_, i) => `w${i.toString(36)}`);
  const found = new Vocabulary(Buffer.from(words.join("\n") + "\n"));
  assert.equal(found.size, words.length);
  for (const [i, word] of words.entries()) assert.equal(found.indexOf(word), i);
  for (const other of ["", "w", "W1", "w1 ", "wé", "w1\n", "__proto__"]) assert.equal(found.indexOf(other), -1, other);
});

test("an empty vocabulary knows nothing", () => {
  assert.equal(new Vocabulary(Buffer.alloc(0)).indexOf("the"), -1);
});
