using Microsoft.Extensions.Options;

namespace Millrace.Messaging.Sending;

/// <summary>
/// Holds recipients' domains to their caps: so many messages in any second, so many under way. A domain that complains gets half of what it
/// had (or the start value), and a tenth more for each quarter of an hour without complaint.
/// </summary>
internal sealed class DomainPace(IOptions<SendingOptions> options, TimeProvider clock)
{
    /// <summary>A little more than a second, for clocks are not alike.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(1_100);
    private static readonly TimeSpan Clean = TimeSpan.FromMinutes(15);

    private readonly Dictionary<string, Domain> _domains = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Takes a place for one message: of its domain, and of the account's own cap where it has one. Give it back with <see cref="Leave"/>.</summary>
    /// <param name="wait">When false: how long until it may be worth asking again; infinite when a place must be given back first.</param>
    public bool TryEnter(Parcel parcel, out TimeSpan wait)
    {
        lock (_gate)
        {
            var (domain, own) = (Find(parcel.Domain), OwnOf(parcel));
            if (!domain.HasPlace(clock, out wait) || (own is not null && !own.HasPlace(clock, out wait)))
            {
                return false;
            }

            domain.UnderWay++;
            if (own is not null)
            {
                own.UnderWay++;
            }

            return true;
        }
    }

    public void Leave(Parcel parcel)
    {
        lock (_gate)
        {
            Find(parcel.Domain).Leave(clock);
            OwnOf(parcel)?.Leave(clock);
        }
    }

    /// <summary>The domain said: too much.</summary>
    public void Slow(string domain)
    {
        lock (_gate)
        {
            var state = Find(domain);
            var (rate, connections) = Start(domain);
            state.PerSecond = state.PerSecond is { } now ? Math.Max(now / 2, 0.1) : rate;
            state.Connections = Math.Min(state.Connections, connections);
            state.ChangedAt = clock.GetTimestamp();
        }
    }

    /// <summary>Where a domain starts once it has complained.</summary>
    private static (double PerSecond, int Connections) Start(string domain) => domain switch
    {
        "gmail.com" or "googlemail.com" => (20, 10),
        "outlook.com" or "hotmail.com" or "live.com" or "msn.com" => (10, 5),
        "yahoo.com" or "ymail.com" or "aol.com" => (5, 5),
        _ => (5, 3),
    };

    /// <summary>A changed cap counts from the next message on.</summary>
    private Domain? OwnOf(Parcel parcel)
    {
        if (parcel.Limit is not { } limit)
        {
            return null;
        }

        if (!_domains.TryGetValue(parcel.Line, out var own))
        {
            _domains[parcel.Line] = own = new Domain(limit);
        }

        (own.PerSecond, own.Connections) = (limit.PerSecond, limit.Connections);
        return own;
    }

    private Domain Find(string domain)
    {
        if (_domains.TryGetValue(domain, out var state))
        {
            return state;
        }

        if (_domains.Count > 50_000)
        {
            foreach (var idle in _domains.Where(d => d.Value.UnderWay == 0 && d.Value.PerSecond == d.Value.Cap?.PerSecond).Select(d => d.Key).ToList())
            {
                _domains.Remove(idle);
            }
        }

        var cap = options.Value.Caps.GetValueOrDefault(domain) ?? options.Value.Caps.GetValueOrDefault("*");
        return _domains[domain] = new Domain(cap);
    }

    private sealed class Domain(DomainCap? cap)
    {
        public DomainCap? Cap { get; } = cap;

        public double? PerSecond { get; set; } = cap?.PerSecond;

        public int Connections { get; set; } = cap?.Connections ?? int.MaxValue;

        public int UnderWay { get; set; }

        /// <summary>When recent messages had their answer.</summary>
        public Queue<long> Ended { get; } = new();

        public long ChangedAt { get; set; }

        public bool HasPlace(TimeProvider clock, out TimeSpan wait)
        {
            wait = TimeSpan.Zero;
            Recover(clock);
            if (PerSecond is not { } rate)
            {
                return true;
            }

            var (places, window) = rate >= 1 ? ((int)rate, Window) : (1, Window / rate);
            while (Ended.TryPeek(out var oldest) && clock.GetElapsedTime(oldest) >= window)
            {
                Ended.Dequeue();
            }

            // A place is taken from before the message leaves until a window after its answer. The other side saw it somewhere between, so
            // whatever the delays, no window of its own can hold more messages than there are places.
            if (UnderWay >= Connections || UnderWay + Ended.Count >= places)
            {
                wait = UnderWay < Connections && Ended.TryPeek(out var next) ? window - clock.GetElapsedTime(next) : Timeout.InfiniteTimeSpan;
                return false;
            }

            return true;
        }

        public void Leave(TimeProvider clock)
        {
            UnderWay--;
            if (PerSecond is not null)
            {
                Ended.Enqueue(clock.GetTimestamp());
            }
        }

        private void Recover(TimeProvider clock)
        {
            if (PerSecond is { } rate && ChangedAt != 0 && clock.GetElapsedTime(ChangedAt) >= Clean)
            {
                PerSecond = Math.Min(rate * 1.1, Cap?.PerSecond ?? double.MaxValue);
                ChangedAt = clock.GetTimestamp();
            }
        }
    }
}
