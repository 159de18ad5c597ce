// Contention
