/** A file of its own in the bundle, loaded with the first model that has a tokenizer. */
export { Tokenizer } from "@huggingface/tokenizers";
