-- The same text for SQLite and PostgreSQL. Times are seconds since 1970 in UTC; days are
-- `YYYY-MM-DD`; ids are random and come from the application; JSON stands in text.

-- What the service keeps secret for itself, sealed.
create table secret (
    name text primary key,
    sealed bytea not null
);

-- Pictures by the hash of their bytes.
create table image (
    hash text primary key,
    media_type text not null,
    bytes bytea not null,
    width bigint not null,
    height bigint not null,
    -- What is drawn of it, once: the picture as PNG unless it is one, and what other sites show beside
    -- a link.
    png bytea,
    preview bytea not null,
    made_at bigint not null
);

-- A person is a random id. What is known of one stands in `person_detail` and `person_did`, which
-- erasure empties; everything else refers to the id.
create table person (
    id text primary key,
    made_at bigint not null,
    -- The person who this one turned out to be; then nothing else is known here.
    merged_into text references person (id)
);

create table person_detail (
    person text primary key references person (id),
    -- The id in Wikimedia's central user table, and the user name last seen there.
    central_id bigint unique,
    user_name text,
    -- What to call the person here, and whether that is the person's own choice: only then is it told
    -- to strangers.
    display_name text,
    name_is_own boolean not null,
    language text,
    -- The last part of the address of the person's own page.
    page text not null unique,
    -- When the wiki was last asked what became of the account.
    looked_at bigint
);
create index person_detail_user_name on person_detail (user_name);

-- The DIDs of wallets by which somebody wanted to be named. That they are theirs is not proved, so
-- several people may say the same one.
create table person_did (
    person text not null references person (id),
    did text not null,
    bound_at bigint not null,
    primary key (person, did)
);

-- Who may add issuers to the service.
create table service_owner (
    person text primary key references person (id)
);

-- Secrets that people hold are stored as hashes.
create table session (
    hash text primary key,
    person text not null references person (id),
    csrf text not null,
    made_at bigint not null,
    until bigint not null
);
create index session_person on session (person);

create table sign_in_link (
    hash text primary key,
    person text not null references person (id),
    -- The owner of an issuer who handed it over; null for one from the terminal.
    given_by text references person (id),
    until bigint not null,
    used_at bigint
);

-- A sign-in with Wikimedia that has begun.
create table oauth_attempt (
    hash text primary key,
    -- The hash of what only the browser has that began it.
    browser text not null,
    next text not null,
    -- Who began it, when an account is to be bound to somebody who is signed in already.
    person text references person (id),
    -- The badge whose link was open, when an account is to hold it.
    award text,
    -- The account that the wiki named, until it is confirmed.
    central_id bigint,
    user_name text,
    until bigint not null
);

create table issuer (
    id text primary key,
    slug text not null unique,
    name text not null,
    -- The Profile as in a badge, but for its `id` and `image`.
    profile text not null,
    language text not null,
    logo text references image (hash),
    -- Given by the form: the same one again is the same issuer.
    request text unique,
    made_at bigint not null
);

-- The DIDs under which an issuer has signed; the newest is the current one.
create table identity (
    did text primary key,
    issuer text not null references issuer (id),
    -- The https address of a did:web.
    base text,
    since bigint not null
);
create index identity_issuer on identity (issuer, since);

create table signing_key (
    multikey text primary key,
    did text not null references identity (did),
    algorithm text not null,
    -- active, retired, compromised
    state text not null,
    sealed bytea not null,
    made_at bigint not null,
    ended_at bigint
);
create index signing_key_did on signing_key (did);

create table member (
    issuer text not null references issuer (id),
    person text not null references person (id),
    -- owner, trainer, reviewer
    role text not null,
    -- Whether a trainer may award every achievement, or those in `member_achievement` only.
    every_achievement boolean not null,
    added_at bigint not null,
    primary key (issuer, person)
);
create index member_person on member (person);

create table api_token (
    id text primary key,
    hash text not null unique,
    person text not null references person (id),
    issuer text not null references issuer (id),
    name text not null,
    -- Separated by spaces.
    scopes text not null,
    made_at bigint not null,
    until bigint,
    used_at bigint
);
create index api_token_person on api_token (person);

create table idempotency (
    token text not null references api_token (id),
    key text not null,
    request_hash text not null,
    -- Null while the first request is being answered.
    status bigint,
    -- Sealed; taken away when anybody's data are erased, because it may name people.
    body bytea,
    location text,
    made_at bigint not null,
    -- When the process took it that does it now.
    taken_at bigint not null,
    primary key (token, key)
);

create table achievement (
    id text primary key,
    issuer text not null references issuer (id),
    slug text not null,
    -- The newest version.
    version bigint not null,
    archived boolean not null,
    made_at bigint not null,
    unique (issuer, slug)
);

create table member_achievement (
    issuer text not null references issuer (id),
    person text not null references person (id),
    achievement text not null references achievement (id),
    primary key (issuer, person, achievement)
);

-- A version changes until the first badge is awarded with it; then a change makes a new one.
create table achievement_version (
    achievement text not null references achievement (id),
    version bigint not null,
    name text not null,
    -- The Achievement as in a badge, but for its `id`, `image` and `version`.
    document text not null,
    image text not null references image (hash),
    -- How long a badge is valid: an ISO 8601 duration, or null for ever.
    validity text,
    suspendable boolean not null,
    made_at bigint not null,
    made_by text references person (id),
    primary key (achievement, version)
);

create table workshop (
    id text primary key,
    issuer text not null references issuer (id),
    title text not null,
    starts_on text not null,
    ends_on text,
    place text,
    online boolean not null,
    organisers text,
    event_page text,
    event_id bigint,
    method text not null,
    language text not null,
    territory text,
    made_at bigint not null,
    made_by text not null references person (id)
);
create index workshop_issuer on workshop (issuer, made_at);

create table workshop_achievement (
    workshop text not null references workshop (id),
    achievement text not null references achievement (id),
    primary key (workshop, achievement)
);

-- The list of a workshop, before and after anything is offered.
create table participant (
    id text primary key,
    workshop text not null references workshop (id),
    position bigint not null,
    -- Where the row stood in what was imported, as JSON.
    place text not null,
    -- award, skipped, problem
    outcome text not null,
    -- Why not, as JSON.
    reason text,
    -- Of a row with a problem: its cells, and how the list was read, as JSON.
    source text,
    recipient_key text,
    central_id bigint,
    user_name text,
    -- What the wiki says of the name: found, missing, locked; unknown while it was not asked; none
    -- where there is no name to ask for.
    account text not null default 'unknown',
    other_id text,
    email text,
    display_name text,
    evidence text,
    unique (workshop, recipient_key)
);
create index participant_workshop on participant (workshop, position);
create index participant_central_id on participant (central_id);

-- Work in the background; a process claims it for a while.
create table job (
    id text primary key,
    issuer text not null references issuer (id),
    workshop text not null references workshop (id),
    achievement text not null references achievement (id),
    version bigint not null,
    -- Given by the form or the request: the same one again is the same job.
    request text not null unique,
    person text not null references person (id),
    awarded_at bigint not null,
    -- Whether those get a badge who have one.
    again boolean not null,
    -- waiting, done
    state text not null,
    total bigint not null,
    -- The kind of what stopped the work last; null while it goes on.
    error text,
    claimed_by text,
    claimed_until bigint,
    made_at bigint not null,
    ended_at bigint
);
create index job_state on job (state, made_at);
create index job_workshop on job (workshop);

create table job_row (
    job text not null references job (id),
    participant text not null references participant (id),
    position bigint not null,
    -- waiting, done, had, refused
    state text not null,
    -- Why not, as JSON.
    reason text,
    award text,
    primary key (job, participant)
);
create index job_row_state on job_row (job, state, position);
create index job_row_award on job_row (award);

create table award (
    id text primary key,
    -- The last part of the badge's address.
    token text not null unique,
    issuer text not null references issuer (id),
    did text not null references identity (did),
    achievement text not null references achievement (id),
    version bigint not null,
    workshop text references workshop (id),
    -- Who holds it, once that is known.
    person text references person (id),
    -- The `id` of the credential, and of its subject.
    credential_id text not null unique,
    subject text not null,
    -- offered, accepted, declined, withdrawn, erased
    acceptance text not null,
    -- public, unlisted, private
    visibility text not null,
    -- How the badge names its holder: nothing, user-name, hashed, name, did
    named text not null,
    -- valid, suspended, revoked
    standing text not null,
    standing_at bigint,
    -- mistake, misconduct, key-compromise, corrected, holder-request, other
    reason text,
    note text,
    supersedes text,
    superseded_by text,
    awarded_at bigint not null,
    valid_until bigint,
    accepted_at bigint,
    -- The secret of the claim link is made from the id and this number.
    claim_renewal bigint not null,
    claim_hash text unique,
    claim_until bigint,
    -- The personal link of a holder without an account.
    holder_hash text unique,
    made_by text not null references person (id),
    made_at bigint not null
);
create index award_achievement on award (achievement, made_at);
create index award_workshop on award (workshop);
create index award_person on award (person);
create index award_issuer on award (issuer, made_at);
create index award_did on award (did);
-- Few: those that are set in status lists.
create index award_fallen on award (id) where standing <> 'valid';

-- Whom an award is for, as far as the trainer knew. Erasure deletes the row.
create table recipient (
    award text primary key references award (id),
    achievement text not null references achievement (id),
    recipient_key text not null,
    -- 0, or more where the same person got the badge again.
    renewal bigint not null,
    central_id bigint,
    user_name text,
    display_name text,
    other_id text,
    evidence text,
    -- Of a hashed identifier; the holder may see it.
    salt text,
    -- When the wiki was last asked what became of the account, for badges in nobody's account here.
    looked_at bigint,
    unique (achievement, recipient_key, renewal)
);
create index recipient_central_id on recipient (central_id);
create index recipient_user_name on recipient (user_name, achievement);

-- The signed texts of an award, the newest with the highest version.
create table credential (
    award text not null references award (id),
    version bigint not null,
    text text not null,
    -- The key that signed.
    multikey text not null,
    valid_from bigint not null,
    primary key (award, version)
);
create index credential_multikey on credential (multikey);

create table status_list (
    did text not null references identity (did),
    number bigint not null,
    -- revocation, suspension
    purpose text not null,
    used bigint not null,
    -- How many times an entry was set or cleared.
    changes bigint not null,
    -- The signed list, when, and how many of the changes it tells of; null until somebody asks.
    text text,
    signed_at bigint,
    signed_changes bigint,
    primary key (did, number)
);

create table status_entry (
    did text not null,
    number bigint not null,
    position bigint not null,
    award text not null unique references award (id),
    primary key (did, number, position)
);

-- Who did what, when. Rows are only ever added; people are random ids here.
create table audit (
    id text primary key,
    at bigint not null,
    issuer text references issuer (id),
    person text references person (id),
    action text not null,
    -- What it was done to: a noun and an id.
    noun text not null,
    object text not null,
    detail text
);
create index audit_issuer on audit (issuer, at);
create index audit_object on audit (object);
