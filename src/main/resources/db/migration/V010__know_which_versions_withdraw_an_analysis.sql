-- A version that withdraws some of its analyses, not the whole answer: it ends versions that came before it. As it stands in
-- its content, where quotes within words are escaped.
ALTER TABLE lab_version ADD COLUMN partly_withdrawn boolean NOT NULL DEFAULT false;
UPDATE lab_version SET partly_withdrawn = true WHERE status <> 'WITHDRAWN' AND content LIKE '%"status":"WITHDRAWN"%';
