-- Files that the store makes of the parts it is sent: by which name it knows them until they are whole.
create table multiparts (
  upload_id text primary key references uploads (id) on delete cascade,
  id text not null
);
