// PocketBase as a benchmark's peer: as it comes, or, with PB_SYNCHRONOUS=FULL, syncing every commit before it answers.
package main

import (
	"log"
	"os"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
)

func main() {
	config := pocketbase.Config{}
	if synchronous := os.Getenv("PB_SYNCHRONOUS"); synchronous != "" {
		// The settings of core.DefaultDBConnect, with another synchronous.
		config.DBConnect = func(path string) (*dbx.DB, error) {
			return dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)"+
				"&_pragma=journal_size_limit(200000000)&_pragma=synchronous("+synchronous+")"+
				"&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
		}
	}
	app := pocketbase.NewWithConfig(config)
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}
