using Millrace.Kernel.Data;

namespace Millrace.Messaging.Sending.Routing;

/// <summary>Takes places in the day's volume of warm-up plans, in the transaction that claims the mails. A mail that is tried again has its place already.</summary>
internal sealed class WarmUps
{
    private readonly Dictionary<(long AccountId, long PlanId), int> _left = [];
    private readonly Dictionary<(long AccountId, long PlanId), int> _taken = [];

    /// <summary>Locks the days of the accounts' plans until the transaction ends, so that workers do not give one place twice.</summary>
    public static async Task<WarmUps> OpenAsync(
        AccountTransaction work, IReadOnlyDictionary<long, SendingPlan> plans, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ups = new WarmUps();
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        var open = plans.SelectMany(p => p.Value.WarmUps.Select(w => (AccountId: p.Key, Plan: w, Volume: w.VolumeOn(day)))).Where(o => o.Volume is not null)
            .OrderBy(o => o.AccountId).ThenBy(o => o.Plan.Id).ToList();
        if (open.Count == 0)
        {
            return ups;
        }

        var (accounts, ids) = (open.Select(o => o.AccountId).ToArray(), open.Select(o => o.Plan.Id).ToArray());
        await Sql.Of($"""
            insert into messaging.warm_up_day (account_id, warm_up_id, day, taken)
            select w.account_id, w.id, {day}, 0 from unnest({accounts}, {ids}) as k (account_id, id)
            join messaging.warm_up w on w.account_id = k.account_id and w.id = k.id order by 1, 2 on conflict do nothing
            """).ExecuteAsync(work, cancellationToken);
        var days = await Sql.Of($"""
            select d.account_id, d.warm_up_id, d.taken from messaging.warm_up_day d
            join unnest({accounts}, {ids}) as k (account_id, id) on d.account_id = k.account_id and d.warm_up_id = k.id
            where d.day = {day} order by 1, 2 for update of d
            """).ListAsync<Day>(work, cancellationToken);
        foreach (var (account, id, taken) in days)
        {
            ups._left[(account, id)] = open.First(o => o.AccountId == account && o.Plan.Id == id).Volume!.Value - taken;
        }

        return ups;
    }

    /// <summary>False: the day is full for this mail. What somebody waits for (lane 1) is counted and never held.</summary>
    public bool TryTake(DueSend send, SendingPlan plan, long serverId, string domain)
    {
        if (_left.Count == 0 || send.Attempts > 0)
        {
            return true;
        }

        var keys = plan.WarmUps.Where(w => w.Covers(serverId, domain)).Select(w => (send.AccountId, w.Id)).Where(_left.ContainsKey).ToList();
        if (send.Lane != 1 && keys.Exists(k => _left[k] <= 0))
        {
            return false;
        }

        foreach (var key in keys)
        {
            _left[key]--;
            _taken[key] = _taken.GetValueOrDefault(key) + 1;
        }

        return true;
    }

    public async Task WriteAsync(AccountTransaction work, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_taken.Count > 0)
        {
            await Sql.Of($"""
                update messaging.warm_up_day d set taken = d.taken + t.taken
                from unnest({_taken.Keys.Select(k => k.AccountId).ToArray()}, {_taken.Keys.Select(k => k.PlanId).ToArray()}, {_taken.Values.ToArray()}) as t (account_id, id, taken)
                where d.account_id = t.account_id and d.warm_up_id = t.id and d.day = {DateOnly.FromDateTime(now.UtcDateTime)}
                """).ExecuteAsync(work, cancellationToken);
        }
    }

    /// <summary>When the next day's volume begins, a little later for each, so that they do not all come in one second.</summary>
    public static DateTimeOffset NextDay(DateTimeOffset now, long sendId) => new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero).AddSeconds(sendId % 3_600);

    private sealed record Day(long AccountId, long WarmUpId, int Taken);
}
