import { remembered } from './remembered.ts';

const scanner =
  /sqlmap|nikto|nmap|masscan|zgrab|nuclei|gobuster|dirbuster|dirb\b|feroxbuster|ffuf|wfuzz|wpscan|acunetix|nessus|openvas|qualys|burp|zaproxy|hydra|arachni|whatweb|w3af|jaeles|httpx/;
const bot = /bot\b|bot\/|crawl|spider|slurp|facebookexternalhit|bingpreview/;
const tool =
  /^(?:curl|wget|python|go-http-client|java|okhttp|libwww|lwp|ruby|php|axios|node|postman|httpie|apache-httpclient)/;

export type ClientClass = 'browser' | 'bot' | 'tool' | 'scanner' | 'none';

/** What kind of client a user agent claims to be; a claim, never a proof. */
export function classifyAgent(agent: string | null): ClientClass {
  if (agent === null || agent === '') return 'none';
  const text = agent.slice(0, 512).toLowerCase();
  if (scanner.test(text)) return 'scanner';
  if (bot.test(text)) return 'bot';
  if (tool.test(text)) return 'tool';
  return text.startsWith('mozilla/') || text.startsWith('opera/') ? 'browser' : 'tool';
}

/** User agents whose classes are remembered at least; twice as many at most. */
export const maxRememberedAgents = 10_000;

/** `classifyAgent` that remembers its answers for the user agents seen lately. */
export function createAgentClassifier(): (agent: string | null) => ClientClass {
  const classify = remembered(maxRememberedAgents, classifyAgent);
  return (agent) => (agent === null ? 'none' : classify(agent));
}
