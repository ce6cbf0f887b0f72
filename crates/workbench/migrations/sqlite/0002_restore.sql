-- Only PostgreSQL knows grants.
SELECT 1;
