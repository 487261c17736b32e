// A host that is built with the TypeScript SDK, version 1 or 2. It does one thing after the other and says each in a line.
//
// Arguments: the folder with node_modules, the package, the mode ("legacy" or "auto"), a file to read and write, and
// the command that is its MCP server. After the write it waits until the list of tools changed, then it closes.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';

const [folder, packageName, mode, file, command, ...args] = process.argv.slice(2);
const require = createRequire(join(folder, 'host.cjs'));
const isFirst = packageName === '@modelcontextprotocol/sdk';
const { Client } = require(isFirst ? `${packageName}/client/index.js` : packageName);
const { StdioClientTransport } = require(isFirst ? `${packageName}/client/stdio.js` : `${packageName}/stdio`);

const say = (step, told) => console.log(JSON.stringify({ step, ...told }));
const names = (tools) => tools.map((tool) => tool.name);
const told = (result) => ({ isError: result.isError === true, text: result.content[0].text });

let heard;
const changed = new Promise((resolve) => (heard = resolve));
const options = {
  listChanged: { tools: { debounceMs: 0, onChanged: (error, tools) => heard({ error: error?.message, tools }) } },
  ...(isFirst ? {} : { versionNegotiation: { mode } }),
};
const client = new Client({ name: 'ts-host', version: '1' }, options);
await client.connect(new StdioClientTransport({ command, args, stderr: 'inherit' }));

say('tools', { names: names((await client.listTools()).tools) });
say('read', told(await client.callTool({ name: 'read_text_file', arguments: { path: file } })));
say('resource', { text: (await client.readResource({ uri: `file://${file}` })).contents[0].text });
say('written', told(await client.callTool({ name: 'write_file', arguments: { path: file, content: 'new\n' } })));
const { error, tools } = await changed;
say('changed', { error, names: names(tools ?? []) });
await client.close();
