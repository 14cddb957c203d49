import neo4j from "neo4j-driver";

/**
 * Makes a driver tell every statement that the library runs, one line of JSON
 * each on standard output, so that the benchmark can ask the server for its cost.
 * @param {import("neo4j-driver").Driver} driver
 * @returns {import("neo4j-driver").Driver} the same driver
 */
export function traced(driver) {
  const open = driver.session.bind(driver);
  driver.session = (config) => {
    const session = open(config);
    for (const way of ["executeRead", "executeWrite"]) {
      const execute = session[way].bind(session);
      session[way] = (work, settings) => execute((tx) => work(telling(tx)), settings);
    }
    return session;
  };
  return driver;
}

function telling(tx) {
  return {
    run(statement, parameters) {
      console.log(JSON.stringify({ statement, parameters }, (_, value) => (neo4j.isInt(value) ? value.toNumber() : value)));
      return tx.run(statement, parameters);
    },
  };
}
