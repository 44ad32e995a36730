// One round of traffic; it fails when TILL_BUG says that nobody comes.
if (process.env.TILL_BUG === 'traffic') {
  console.error('nobody came');
  process.exit(1);
}
for (const path of ['tills/1/total', 'tills/2/total', 'prices'])
  await fetch(`${process.env.WEB_URL}/${path}`);
