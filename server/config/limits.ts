/** Bytes of a configuration file. */
export const maxConfigBytes = 1_048_576;
/** Sources, configured and watched together. */
export const maxSources = 100;
/** Entries of any other list in the configuration. */
export const maxListed = 100;
/** Bytes of a token file, and the length of a token. */
export const maxTokenBytes = 1_024;
export const minTokenLength = 24;
/** Bytes of a file with a certificate or a key. */
export const maxPemBytes = 262_144;
/** Bytes of an `.mmdb` file; it is kept in memory. */
export const maxMmdbBytes = 536_870_912;
