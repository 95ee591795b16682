// What opens sockets or looks for models: a file of its own in dist/, which ready vectors do not need.
export { openModelStore } from "../online/models";
export { environmentServers } from "../online/remote/environment";
export { RemoteModels } from "../online/remote/remote-models";
