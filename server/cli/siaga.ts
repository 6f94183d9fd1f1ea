import { dispatch } from './dispatch.ts';
import { endQuietlyWhenUnread, processIo } from './process-io.ts';

endQuietlyWhenUnread();
// Ended here, not by an empty loop: stores and workers may hold the process although the command is done.
process.exit(await dispatch(process.argv.slice(2), processIo()));
