-- One line of JSON at the end of a run, for measure.py.
function done(summary, latency, requests)
  io.write(string.format('REPORT {"requests":%d,"microseconds":%d,"bad":%d,"p50":%d,"p99":%d,"bytes":%d}\n',
    summary.requests, summary.duration,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout,
    latency:percentile(50), latency:percentile(99), summary.bytes))
end
