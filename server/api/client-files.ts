import { sep } from 'node:path';
import express, { type RequestHandler } from 'express';

/** Folder of the built client whose file names carry a hash of their content. */
const hashedFolder = `${sep}assets${sep}`;

/** The built client's files: hashed ones may be kept for good, the others are asked for again each time. */
export function clientFiles(clientDir: string): RequestHandler {
  return express.static(clientDir, {
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    setHeaders(response, path) {
      const hashed = path.startsWith(clientDir) && path.slice(clientDir.length).startsWith(hashedFolder);
      response.setHeader('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}

/** The page's shell, which holds no data and is asked for again each time. */
export function clientShell(clientDir: string): RequestHandler {
  return (_request, response, next) => {
    const options = { root: clientDir, cacheControl: false, headers: { 'Cache-Control': 'no-cache' } };
    response.sendFile('index.html', options, (error?: Error) => {
      if (error) next(error);
    });
  };
}
