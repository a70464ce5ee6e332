-- Who offers a service, in what length and at what price if not the service's own. A service without rows here is
-- offered by everybody.
create table provider_services (
  organization_id uuid not null,
  service_id uuid not null,
  provider_id uuid not null,
  minutes integer check (minutes between 1 and 1440),
  price numeric(12, 2),
  primary key (organization_id, service_id, provider_id),
  foreign key (organization_id, service_id) references services (organization_id, id),
  foreign key (organization_id, provider_id) references providers (organization_id, id)
);

-- Rules of the organization that are others for this service, by name.
alter table services add column rules jsonb not null default '{}';
