// Reads streams with an EventSource of whoever: a browser's, or a package's.

const AT_ONCE = 4; // a browser opens no more than six to one server

/** The [id, data] of each event of topics, up to the one whose type is 'end', for each of the streams. */
export async function readAll(Source, urls) {
  const events = urls.map(() => []);
  const waiting = urls.entries();
  const worker = async () => {
    for (const [i, url] of waiting) await read(Source, url, events[i]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return events;
}

function read(Source, url, events) {
  return new Promise((resolve) => {
    const source = new Source(url);
    source.onmessage = ({ lastEventId, data }) => {
      const { topic, type } = JSON.parse(data);
      if (topic === undefined) return;
      events.push([lastEventId, data]);
      if (type !== 'end') return;
      source.close();
      resolve();
    };
  });
}
