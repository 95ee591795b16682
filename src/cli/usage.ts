/** The command line itself is wrong: exit status 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

export const HELP = `Usage: embedding-lens COMMAND SOURCE... [options]

See what an embedding model sees in your data, on your own machine.

Commands
  map SOURCE...          coordinates, clusters, quality
  similarity SOURCE...   the pairwise matrix
  embed SOURCE...        vectors only
  search SOURCE...       the items nearest to some words: --query "a red car"
  compare SOURCE...      two models on the same items: --model A --with B
  network SOURCE...      items tied to their nearest, as nodes and edges
  findings SOURCE...     near-duplicates, outliers and doubtful labels
  models                 the models and whether they are on this machine
  models fetch ID        download one; OWNER/NAME adds one of the Hugging Face hub
  models import PATH     take one from a folder or an .onnx file
  models remove ID       delete one from this machine

SOURCE is a text file (its lines), pictures, a folder of pictures or of texts, a dataset
(.csv .tsv .jsonl .json .xlsx .sqlite), a recipe (.lens.json; options override it), a file of vectors
(.parquet .arrow .npy .npz .safetensors .h5 .bytes .vec), or - for lines from stdin.

Source
  --as KIND              lines, paragraphs, files, images, rows, vectors (default: guessed)
  --text, --label, --image, --id, --vector COLUMN
                         columns of a dataset, by name or by number from 1 (default: guessed);
                         none for no such column: --vector none embeds the texts of a file with vectors
  --map X,Y[,Z]          columns of ready coordinates, or none
  --part NAME            the table of a file that holds several (HDF5, SQLite, sheets of .xlsx)
  --allow-host HOST      load pictures of a dataset from this host (several apart by commas)
  --root DIR             folder that paths of pictures in a dataset start from (default: its own)
  --header yes|no        whether a dataset's first row names the columns (default: guessed)
  --long cut|split|average
                         texts longer than the model's window: only their beginning, one item for each
                         passage, or the mean of their passages (cut)
  --sample N             at most N items, drawn with the seed (default: all, of a dataset 20,000)
  --stratify             the sample keeps the shares of the labels
  --model ID|PATH        default: glove-100d for texts, lens-tiny for pictures
                         on a server: cohere:embed-v4.0 or openai:NAME (COHERE_API_KEY, OPENAI_API_KEY,
                         CO_API_URL, OPENAI_BASE_URL, also in .env)

Search and comparison
  --query TEXT           the words; pictures need a model that reads both, such as clip-vit-b32
  --with ID|PATH         the second model
  --top N                items to list (10)

Network and findings
  --ties N               network: nearest items that each is tied to (4)
  --threshold S          network: no ties below this similarity (0); findings: similarity from which two items
                         are near-duplicates (0.95)

Map
  --reduce METHOD        umap, tsne, pca, none (umap)
  --dims 2|3             (2)
  --neighbors N          UMAP (15)          --min-dist D     UMAP (0.1)
  --perplexity P         t-SNE (30)         --seed S         (42)
  --metric METRIC        cosine, euclidean, dot (cosine)
  --cluster METHOD       none, kmeans, dbscan, hdbscan, agglomerative (none)
  --cluster-on SPACE     vectors, map (vectors)
  --k N|auto             clusters of kmeans and agglomerative, 2 to 200 (10)
  --eps R --min-points N dbscan: radius (by the curve of distances), items that make one dense (5)
  --min-cluster-size N   hdbscan: the smallest group (by the number of items)
  --min-samples N        hdbscan: near items that tell how dense it is (as the smallest group, at most 5)
  --linkage METHOD       agglomerative: ward, average (ward)
  --distance D           agglomerative: cut at this distance instead of into --k groups

Heatmap
  --order ORDER          given, label, cluster (with --cluster), similarity: similar items together (given)

Output
  --out FILE             .json .csv .npy .parquet .jsonl .arrow .html .svg .png .lens.json, of embed also
                         .tsv (for the Embedding Projector), of network .json and .csv, of search, compare and
                         findings .json; may be given several times
                         (default: the result as JSON to stdout)
  --copy FILE            a copy of the dataset with the cluster of each row as a column (.csv .tsv .jsonl
                         .json .parquet, as the dataset is)
  --quiet                no progress and no summary on stderr
  --yes                  download a missing model, or send texts to a server, without asking
  --mirror URL           server that has the models (also EMBEDDING_LENS_MIRROR)
  --offline              download and send nothing (also EMBEDDING_LENS_OFFLINE)
  --cache DIR|none       where embeddings are kept for the next run (default: the user's cache folder)
  --help, --version

Exit status: 0 done, 1 failed, 2 wrong usage, 130 cancelled.
`;
