using System.Numerics;

namespace PhoenixCore.Model;

/// <summary>One reservation as seen from outside. Remaining: what it holds, zero when not PENDING. ExpiresAt in unix nanoseconds.</summary>
public sealed record ReservationView(int Id, string Wallet, string Asset, ReservationStatus Status, BigInteger Remaining, long ExpiresAt, BigInteger Captured, BigInteger Released);
