const SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,!?'-".split("");
const WORDS =
  "the a is of and to in it for on with my i we you they sun shining today beautiful day outside love hiking mountains nature passion " +
  "pizza favorite food italian cuisine amazing coding programming valuable important skill cats agile animals ocean waves calming " +
  "museum art works soccer football popular sport learning languages new card lost bank transfer payment account money cash machine";

/** Tokens of the tiny WordPiece vocabulary: its ids are their positions. */
export const TINY_VOCABULARY = [
  ...SPECIAL,
  ...LETTERS,
  ...LETTERS.slice(0, 36).map((letter) => `##${letter}`),
  ...new Set(WORDS.split(" ").filter((word) => word.length > 1)),
  ...["##ing", "##ed", "##s", "##er", "##ly", "##ion"].filter((piece) => piece.length > 3),
];

/** A tokenizer.json as BERT's; its own truncation and padding to 8 tokens are there to be ignored. */
export function wordPieceTokenizer(): object {
  return {
    version: "1.0",
    truncation: { direction: "Right", max_length: 8, strategy: "LongestFirst", stride: 0 },
    padding: {
      strategy: { Fixed: 8 },
      direction: "Right",
      pad_to_multiple_of: null,
      pad_id: 0,
      pad_type_id: 0,
      pad_token: "[PAD]",
    },
    added_tokens: SPECIAL.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: {
      type: "TemplateProcessing",
      single: [
        { SpecialToken: { id: "[CLS]", type_id: 0 } },
        { Sequence: { id: "A", type_id: 0 } },
        { SpecialToken: { id: "[SEP]", type_id: 0 } },
      ],
      pair: [
        { SpecialToken: { id: "[CLS]", type_id: 0 } },
        { Sequence: { id: "A", type_id: 0 } },
        { SpecialToken: { id: "[SEP]", type_id: 0 } },
        { Sequence: { id: "B", type_id: 1 } },
        { SpecialToken: { id: "[SEP]", type_id: 1 } },
      ],
      special_tokens: {
        "[CLS]": { id: "[CLS]", ids: [2], tokens: ["[CLS]"] },
        "[SEP]": { id: "[SEP]", ids: [3], tokens: ["[SEP]"] },
      },
    },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(TINY_VOCABULARY.map((token, id) => [token, id])),
    },
  };
}
