// Health check of the container: exits with 0 when the server is ready, else with 1.
try {
  const answer = await fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/health/ready`)
  process.exit(answer.ok ? 0 : 1)
} catch {
  process.exit(1)
}
