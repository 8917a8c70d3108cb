-- Texts are compared byte by byte, so that keys mean the same on every machine.
CREATE TABLE engagement (
  -- SHA-256 over the length-prefixed key fields, see docs/engagement-index.md.
  id                                  bytea PRIMARY KEY CHECK (octet_length(id) = 32),
  resident                            text COLLATE "C" NOT NULL,
  service_domain                      text COLLATE "C" NOT NULL,
  categorization                      text COLLATE "C" NOT NULL,
  logical_address                     text COLLATE "C" NOT NULL,
  business_object_instance_identifier text COLLATE "C" NOT NULL,
  clinical_process_interest_id        text COLLATE "C" NOT NULL,
  -- Local Swedish time without zone, as the contract has it.
  most_recent_content                 timestamp(0),
  source_system                       text COLLATE "C" NOT NULL,
  creation_time                       timestamptz(0) NOT NULL,
  update_time                         timestamptz(0),
  data_controller                     text COLLATE "C" NOT NULL,
  owner                               text COLLATE "C" NOT NULL
) WITH (fillfactor = 90);

-- The addresses never change, so carrying them spares a look into the table and costs no update.
CREATE INDEX engagement_search ON engagement (resident, service_domain, categorization)
  INCLUDE (logical_address, source_system);

-- Never loses a row: a version that began again at 1 could make an old answer look fresh.
-- version is not carried in the key's index: each accepted update raises two versions, and leaving
-- the index alone lets PostgreSQL rewrite the row in its page (HOT) at the price of one more page
-- per address in a look-up.
CREATE TABLE version (
  resident       text COLLATE "C" NOT NULL,
  service_domain text COLLATE "C" NOT NULL,
  -- In upper case.
  address        text COLLATE "C" NOT NULL,
  version        bigint NOT NULL,
  changed_at     timestamptz NOT NULL,
  PRIMARY KEY (resident, service_domain, address)
) WITH (fillfactor = 70);
