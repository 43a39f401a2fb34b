namespace Millrace.Messaging.Sending.Routing;

/// <summary>An account's ways out: its first server and those of its plan.</summary>
internal sealed class AccountOutlets(Outlet first, SendingPlan plan, Func<PlannedServer, Outlet> open)
{
    public SendingPlan Plan => plan;

    /// <summary>The best way out that is open; when all are shut, until when the soonest is.</summary>
    public (Outlet? Outlet, long ServerId, DateTimeOffset? ShutUntil) Choose(short lane, string domain, long sendId)
    {
        DateTimeOffset? soonest = null;
        foreach (var id in plan.OrderFor(lane, domain, sendId))
        {
            var outlet = id == 0 ? first : open(plan.Servers.First(s => s.Id == id));
            if (outlet.BrokenUntil is not { } until)
            {
                return (outlet, id, null);
            }

            soonest = soonest is null || until < soonest ? until : soonest;
        }

        return (null, 0, soonest);
    }

    /// <summary>Whether there is another way out: then a server that refuses our login shuts itself alone, not the account.</summary>
    public bool HasSeveral => plan.Servers.Count > 0;
}
