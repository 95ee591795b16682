import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import sharp from "sharp";

/** A server on the loopback interface with pictures of one colour: "/red/1.png", each number another shade. */
export class PictureServer {
  /** Pictures that were asked for. */
  asked = 0;

  private constructor(private readonly server: Server) {}

  static async open(): Promise<PictureServer> {
    const server = createServer();
    const pictures = new PictureServer(server);
    server.on("request", (request, response) => {
      pictures.asked++;
      const [, colour, number] = /^\/(red|blue)\/(\d+)\.png$/.exec(request.url ?? "") ?? [];
      if (!colour) return response.writeHead(404).end();
      const shade = 130 + 20 * Number(number);
      const background = { r: colour === "red" ? shade : 0, g: 0, b: colour === "blue" ? shade : 0 };
      return void sharp({ create: { width: 32, height: 32, channels: 3, background } })
        .png()
        .toBuffer()
        .then((png) => response.writeHead(200, { "content-type": "image/png" }).end(png));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return pictures;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
