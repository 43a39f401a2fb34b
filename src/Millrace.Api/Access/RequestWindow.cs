using System.Diagnostics;

namespace Millrace.Api.Access;

/// <summary>A token bucket that holds one second's worth. Real time on purpose: virtual time must not lift a limit.</summary>
internal sealed class RequestWindow
{
    private readonly Lock _gate = new();
    private double _tokens = double.NaN;
    private long _filledAt = Stopwatch.GetTimestamp();

    public (bool Allowed, int Remaining) Take(int perSecond)
    {
        lock (_gate)
        {
            var tokens = double.IsNaN(_tokens) ? perSecond : Math.Min(perSecond, _tokens + (Stopwatch.GetElapsedTime(_filledAt).TotalSeconds * perSecond));
            _filledAt = Stopwatch.GetTimestamp();
            _tokens = tokens >= 1 ? tokens - 1 : tokens;
            return (tokens >= 1, (int)_tokens);
        }
    }
}
