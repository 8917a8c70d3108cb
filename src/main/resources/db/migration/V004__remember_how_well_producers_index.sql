-- What comparing fragments with later ones has shown about a producer, shared by all nodes. Holds no
-- resident. Only the last few hundred changes count: see se.samflode.federation.Fidelity.
CREATE TABLE fidelity (
  producer text   NOT NULL,
  contract text   NOT NULL,
  same     bigint NOT NULL,
  told     bigint NOT NULL,
  late     bigint NOT NULL,
  untold   bigint NOT NULL,
  PRIMARY KEY (producer, contract)
);
