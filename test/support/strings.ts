import { createRandom } from "../../src/engine/random";

/** Texts that tokenizers stumble over: accents, scripts, marks, spaces, control signs, tokens written out. */
const HARD = `
a|A|é|e\u0301|ÀÉÎÕÜ|naïve café|İstanbul|ǅ|ﬁ|Straße|ẞ|Ω≈ç√|日本語のテキスト|中文 测试|中a文b|한국어|한a|العربية|עִבְרִית|हिन्दी|ไทย|👍🏽 ok|👨‍👩‍👧|🇩🇪|\u200b zero|a\u00a0b|\u3000x|a\u0000b|\ufffd|\ufeffbom|
can't don't|U.S.A.|3.14159|1,000,000|foo_bar|http://x.y/z?a=b|#tag @me|[CLS] hi [SEP]|[PAD]|[MASK]|[UNK] a|[cls]| [SEP]x|##ing|a\r\nb|tab\tsep|…—–|“quotes”|½ ² ³|①|Ａ|ｶﾅ|\ud83d|\udc00 x|𝔘𝔫𝔦|e\u0301\u0301|\u0301|ŉ|ά|ς|Σ|ı|
\u00ad soft|a\u200db|\u2028 line|\u0085 nel|\u000b vt|\u001c fs|\ue000 private|\u{10ffff}|!!!|$100|C++|a+b=c|^~\`<>|ñandú|Ångström|ＡＢＣ|﷽|𐍈|x = model("test")|(a){b}[c]|-- -|\\"\\'|~|·|•|№|™|©|°C|µm|€5|£|¥|₹|‰|×÷±|←→|█|♥|☃`
  .split("|")
  .map((text) => text.replace(/^\n/, ""));

const SENTENCES =
  "The sun is shining today;It's a beautiful day outside;I love hiking in the mountains;Italian cuisine is amazing;" +
  "Paris's iconic landmark is the Eiffel Tower;Felines are agile animals;Museums showcase amazing artworks;" +
  "Mastering languages is tough but fulfilling;Why was my card payment declined?;I'd like to top-up, please...;" +
  "Unbelievably antidisestablishmentarianistic supercalifragilistic words;Der Fluß fließt über die Brücke;" +
  "L'été dernier, j'ai vu la mer à Saint-Malo;¿Dónde está la biblioteca?;Привет, как дела?;Η ζωή είναι ωραία";

const RANGES: [number, number][] = [
  [0x20, 0x7e],
  [0x20, 0x7e],
  [0x61, 0x7a],
  [0x61, 0x7a],
  [0x61, 0x7a],
  [0xa0, 0x17f],
  [0x300, 0x36f],
  [0x370, 0x3ff],
  [0x400, 0x4ff],
  [0x590, 0x6ff],
  [0x900, 0x97f],
  [0x2000, 0x206f],
  [0x3040, 0x30ff],
  [0x4e00, 0x4fff],
  [0xac00, 0xadff],
  [0x1f300, 0x1f6ff],
];

/** At least 700 varied texts, always the same. */
export function variedTexts(): string[] {
  const random = createRandom(11);
  const made = Array.from({ length: 600 }, () => {
    let text = "";
    for (let length = 1 + random.below(30); length > 0; length--) {
      const [from, to] = RANGES[random.below(RANGES.length)]!;
      text += String.fromCodePoint(from + random.below(to - from + 1));
      if (random.below(4) === 0) text += " ";
    }
    return text;
  });
  const long = ["x".repeat(100), "x".repeat(101), "hello".repeat(50), "hello ".repeat(300), "", " ", "\n\t "];
  return [...HARD, ...SENTENCES.split(";"), ...long, ...made];
}
