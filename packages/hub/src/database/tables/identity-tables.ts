/** Calls of the service are counted as those of the pacticipant; both by name, so that an alias outlives neither. */
export interface ServiceAliasesTable {
  readonly service: string;
  readonly pacticipant: string;
  readonly created_at: string;
  readonly created_by: string;
}

export interface IdentityTables {
  readonly service_aliases: ServiceAliasesTable;
}
