/** Address of the accounts board with this party's details; ids of unknown organisations are hostile text. */
export const partyAddress = (id: string): string => `/parties?${new URLSearchParams({ party: id })}`;
