// `npm start`, and then `npm run reload` as often as you like, under traffic: no request is lost.
module.exports = {
  apps: [
    {
      name: 'shop',
      script: 'server.js',
      cwd: __dirname,
      exec_mode: 'cluster',
      instances: 2,
      // The old process is stopped when the new one is ready.
      wait_ready: true,
      // PM2 waits that long for it, and then stops the old process all the same. Its default is 3 000.
      listen_timeout: 30_000,
      // The grace period, in ms: Last Call reads it. PM2's default of 1 600 cuts what takes longer.
      kill_timeout: 10_000,
    },
  ],
}
