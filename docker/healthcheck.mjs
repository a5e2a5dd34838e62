// The container's health: 0 when this server is ready for work, 1 when it is not.
try {
  const answer = await fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/health/ready`)
  process.exit(answer.ok ? 0 : 1)
} catch {
  process.exit(1)
}
