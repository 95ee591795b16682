import { HostNotifications } from "../protocol/panel";
import { App } from "./app";
import { Host } from "./host";
import { connect } from "./rpc";
import { ViewStore } from "./state";
import "./style.css";
import { registerControls } from "./ui";
import { vscode } from "./vscode";

registerControls();
const api = vscode();
const connection = connect(api);
const host = new Host(connection);
const app = new App(document.querySelector<HTMLElement>("#app, #root") ?? document.body, host, new ViewStore(api));

connection.onNotification(HostNotifications.snapshot, (snapshot) => app.useSnapshot(snapshot));
connection.onNotification(HostNotifications.state, ({ state }) => app.use({ state }));
connection.onNotification(HostNotifications.result, ({ result, recipe }) => app.useResult(result, recipe));
connection.onNotification(HostNotifications.forming, ({ forming }) => app.useForming(forming));
connection.onNotification(HostNotifications.models, ({ models, offer }) => app.use({ models, offer }));
connection.onNotification(HostNotifications.comparing, ({ compare }) => app.use({ compare }));
connection.onNotification(HostNotifications.compared, ({ comparison }) => app.useComparison(comparison));
connection.onNotification(HostNotifications.select, ({ index }) => app.pick(index));
connection.listen();
host.tell("ready");
