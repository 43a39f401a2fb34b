using Millrace.Mail.Smtp;

namespace Millrace.Messaging.Sending.Routing;

/// <summary>Through which servers an account's mail goes, how fast and how much: what people have set, in one piece.</summary>
internal sealed record SendingPlan(
    IReadOnlyList<PlannedServer> Servers, IReadOnlyList<PlannedRoute> Routes, IReadOnlyDictionary<string, DomainCap> Limits, IReadOnlyList<WarmUp> WarmUps)
{
    public static readonly SendingPlan None = new([], [], new Dictionary<string, DomainCap>(StringComparer.Ordinal), []);

    /// <summary>
    /// Servers for one mail, the best first: those of the first route that matches, begun with the one whose share the mail falls into; then all others, which
    /// stand by. 0 is the account's first server. The same mail always gets the same answer.
    /// </summary>
    public IReadOnlyList<long> OrderFor(short lane, string domain, long sendId)
    {
        if (Servers.Count == 0)
        {
            return [0];
        }

        var route = Routes.FirstOrDefault(r => (r.Lane is null || r.Lane == lane) && (r.Domain is null || string.Equals(r.Domain, domain, StringComparison.Ordinal)));
        List<long> order = route is null ? [0] : [route.Pick(sendId), .. route.ServerIds];
        order.Add(0);
        order.AddRange(Servers.Select(s => s.Id));
        return [.. order.Distinct().Where(id => id == 0 || Servers.Any(s => s.Id == id))];
    }

    public DomainCap? LimitOf(string domain) => Limits.Count == 0 ? null : Limits.GetValueOrDefault(domain) ?? Limits.GetValueOrDefault("*");
}

internal sealed record PlannedServer(long Id, SmtpEndpoint Endpoint);

internal sealed record PlannedRoute(short? Lane, string? Domain, long[] ServerIds, short[] Shares)
{
    /// <summary>By the mail's number, spread so that neighbours do not follow one another.</summary>
    public long Pick(long sendId)
    {
        var total = Shares.Sum(s => (int)s);
        if (total <= 0)
        {
            return ServerIds[0];
        }

        var point = (int)((ulong)(sendId * -7046029254386353131L) >> 33) % total;
        for (var i = 0; i < Shares.Length; i++)
        {
            point -= Shares[i];
            if (point < 0)
            {
                return ServerIds[i];
            }
        }

        return ServerIds[0];
    }
}

/// <summary>A daily volume that rises until receivers know the sender.</summary>
/// <param name="ServerId">Null: through whichever server.</param>
/// <param name="Domain">Of the recipients; null: all.</param>
internal sealed record WarmUp(long Id, long? ServerId, string? Domain, DateOnly StartsOn, int FirstVolume, decimal Growth, int Target)
{
    private const int MaxDays = 400;

    /// <summary>How many mails may go on a day (UTC). Null: the plan is over, as many as there are. 0 before it begins.</summary>
    public int? VolumeOn(DateOnly day)
    {
        if (day < StartsOn)
        {
            return 0;
        }

        var volume = (decimal)FirstVolume;
        for (var passed = Math.Min(day.DayNumber - StartsOn.DayNumber, MaxDays); passed > 0 && volume < Target; passed--)
        {
            volume *= Growth;
        }

        return volume >= Target ? null : (int)volume;
    }

    public bool Covers(long serverId, string domain) =>
        (ServerId is null || ServerId == serverId) && (Domain is null || string.Equals(Domain, domain, StringComparison.Ordinal));
}
