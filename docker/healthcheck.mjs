// The container's health check. Exits with 0 when the server is ready, otherwise with 1.
try {
  const response = await fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/health/ready`)
  process.exit(response.ok ? 0 : 1)
} catch {
  process.exit(1)
}
