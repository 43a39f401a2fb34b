using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Millrace.Accounts.Contracts;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Mail.Addresses;
using Millrace.Mail.Smtp;
using Millrace.Messaging.Sending.Routing;
using Npgsql;

namespace Millrace.Messaging.Senders;

/// <summary>
/// <c>/api/app/sending-plan</c>: further mail servers, which mail goes through which, caps by recipients' domain, warm-up. Read and written as one document.
/// </summary>
internal sealed class SendingPlanResource : IEndpoint
{
    private const int MaxServers = 20;
    private const int MaxRoutes = 50;
    private const int MaxLimits = 200;
    private static readonly string[] Lanes = ["transactional", "automation", "campaign"];

    public static void Map(ModuleRoutes routes)
    {
        routes.App.MapGet("sending-plan", ShowAsync).WithName("sending_plan_show").RequirePermission(Permission.ManageSending);
        routes.App.MapPut("sending-plan", SaveAsync).WithName("sending_plan_save").RequirePermission(Permission.ManageSending);
    }

    /// <param name="Id">Null: a new one.</param>
    /// <param name="Key">Any word by which routes and plans of the same request name a new server.</param>
    /// <param name="Password">Null keeps the one that is stored, an empty text removes it.</param>
    internal sealed record ServerInput(
        string Name, string Host, int Port, SmtpTls Tls, long? Id = null, string? Key = null, string? UserName = null, string? Password = null, bool IsOn = true);

    internal sealed record ServerView(long Id, string Name, string Host, int Port, SmtpTls Tls, string? UserName, bool HasSecret, bool IsOn);

    /// <param name="Server">Id or key of a server; <c>0</c> is the account's first one.</param>
    /// <param name="Share">0 to 1,000, relative to the others; 0 takes part only when the others fail.</param>
    internal sealed record RouteShare(string Server, short Share);

    /// <param name="Lane"><c>transactional</c>, <c>automation</c> or <c>campaign</c>; null: all mail.</param>
    /// <param name="Domain">Of the recipients; null: all.</param>
    internal sealed record RouteView(IReadOnlyList<RouteShare> Servers, string? Lane = null, string? Domain = null);

    /// <param name="Domain">Of the recipients; <c>*</c>: each of all others.</param>
    /// <param name="PerSecond">Messages in any second, 0.001 to 10,000.</param>
    /// <param name="Connections">Messages under way at once, 1 to 200.</param>
    internal sealed record LimitView(string Domain, double PerSecond, short Connections);

    /// <param name="Server">Null: all servers.</param>
    /// <param name="Domain">Of the recipients; null: all.</param>
    /// <param name="FirstVolume">Mails on the first day (UTC).</param>
    /// <param name="Growth">By which the volume is multiplied each day, 1.05 to 5.</param>
    /// <param name="Target">Once a day's volume is that, the plan is over.</param>
    internal sealed record WarmUpView(DateOnly StartsOn, int FirstVolume, decimal Growth, int Target, string? Server = null, string? Domain = null)
    {
        /// <summary>How many may go today; null: the plan is over. Not read.</summary>
        public int? Today { get; init; }

        /// <summary>How many have gone today. Not read.</summary>
        public int Taken { get; init; }
    }

    internal sealed record PlanInput(
        IReadOnlyList<ServerInput>? Servers = null, IReadOnlyList<RouteView>? Routes = null, IReadOnlyList<LimitView>? Limits = null, IReadOnlyList<WarmUpView>? WarmUps = null);

    internal sealed record PlanView(
        IReadOnlyList<ServerView> Servers, IReadOnlyList<RouteView> Routes, IReadOnlyList<LimitView> Limits, IReadOnlyList<WarmUpView> WarmUps);

    private sealed record Route(short? Lane, string? Domain, long[] ServerIds, short[] Shares);

    private sealed record Warm(long Id, long? ServerId, string? Domain, DateOnly StartsOn, int FirstVolume, decimal Growth, int Target, int Taken);

    private static async Task<PlanView> ShowAsync(CurrentAccount account, NpgsqlDataSource database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        return await ViewAsync(work, account.Id, clock.GetUtcNow(), cancellationToken);
    }

    private static async Task<PlanView> SaveAsync(
        PlanInput request, CurrentAccount account, NpgsqlDataSource database, SendingPlans plans, KeyRing keys, IAudit audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (servers, routes, limits, warmUps) = (request.Servers ?? [], request.Routes ?? [], request.Limits ?? [], request.WarmUps ?? []);
        Check(servers, routes, limits, warmUps);
        var now = clock.GetUtcNow();
        await using var work = await AccountTransaction.BeginAsync(database, account.Id, cancellationToken);
        var ids = await SaveServersAsync(work, account.Id, servers, keys, now, cancellationToken);
        await Sql.Of($"delete from messaging.smtp_route where account_id = {account.Id}").ExecuteAsync(work, cancellationToken);
        for (short i = 0; i < routes.Count; i++)
        {
            var (path, route) = ($"/routes/{i}", routes[i]);
            await Sql.Of($"""
                insert into messaging.smtp_route (account_id, position, lane, domain, server_ids, shares)
                values ({account.Id}, {i}, {LaneOf(route.Lane, path)}, {DomainOf(route.Domain, path)},
                    {route.Servers.Select(s => ServerOf(s.Server, ids, path + "/servers")).ToArray()}, {route.Servers.Select(s => s.Share).ToArray()})
                """).ExecuteAsync(work, cancellationToken);
        }

        await Sql.Of($"delete from messaging.domain_limit where account_id = {account.Id}").ExecuteAsync(work, cancellationToken);
        await Sql.Of($"""
            insert into messaging.domain_limit (account_id, domain, per_second, connections)
            select {account.Id}, l.domain, l.per_second, l.connections
            from unnest({limits.Select((l, i) => l.Domain.Trim() == "*" ? "*" : DomainOf(l.Domain, $"/limits/{i}")!).ToArray()}, {limits.Select(l => (decimal)l.PerSecond).ToArray()},
                        {limits.Select(l => l.Connections).ToArray()}) as l (domain, per_second, connections)
            on conflict (account_id, domain) do update set per_second = excluded.per_second, connections = excluded.connections
            """).ExecuteAsync(work, cancellationToken);
        await SaveWarmUpsAsync(work, account.Id, warmUps, ids, now, cancellationToken);
        await audit.AppendAsync(work.Transaction, account.Id, account.UserId, "sending_plan.save", "account", account.Id, new { servers = servers.Count }, cancellationToken);
        var view = await ViewAsync(work, account.Id, now, cancellationToken);
        await work.CommitAsync(cancellationToken);
        plans.Forget(account.Id);
        return view;
    }

    /// <returns>Ids by what the request calls them.</returns>
    private static async Task<Dictionary<string, long>> SaveServersAsync(
        AccountTransaction work, long accountId, IReadOnlyList<ServerInput> servers, KeyRing keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        long[] kept = [.. servers.Select(s => s.Id).OfType<long>()];
        await Sql.Of($"delete from messaging.smtp_server where account_id = {accountId} and not (id = any ({kept}))").ExecuteAsync(work, cancellationToken);
        var ids = new Dictionary<string, long>(StringComparer.Ordinal) { ["0"] = 0 };
        for (var i = 0; i < servers.Count; i++)
        {
            var s = servers[i];
            var password = string.IsNullOrEmpty(s.Password) ? null : keys.Seal(s.Password, SendingPlans.Place(accountId));
            var id = s.Id is { } known
                // A password that is kept is kept only for the server it was given for.
                ? await Sql.Of($"""
                    update messaging.smtp_server
                    set name = {s.Name.Trim()}, tls = {s.Tls}, user_name = {s.UserName}, is_on = {s.IsOn},
                        password = case when {s.Password is null} and host = {s.Host.Trim()} and port = {s.Port} then password else {password} end, host = {s.Host.Trim()}, port = {s.Port}
                    where account_id = {accountId} and id = {known} returning id
                    """).FirstAsync<long?>(work, cancellationToken)
                : await Sql.Of($"""
                    insert into messaging.smtp_server (account_id, name, host, port, tls, user_name, password, is_on, created_at)
                    values ({accountId}, {s.Name.Trim()}, {s.Host.Trim()}, {s.Port}, {s.Tls}, {s.UserName}, {password}, {s.IsOn}, {now}) returning id
                    """).FirstAsync<long?>(work, cancellationToken);
            var made = id ?? throw new InvalidInputException($"/servers/{i}/id", "not_found", "There is no such server.");
            ids[made.ToString(System.Globalization.CultureInfo.InvariantCulture)] = made;
            if (!string.IsNullOrEmpty(s.Key))
            {
                ids[s.Key] = made;
            }
        }

        return ids;
    }

    /// <summary>A plan that stays as it is keeps what has gone today.</summary>
    private static async Task SaveWarmUpsAsync(
        AccountTransaction work, long accountId, IReadOnlyList<WarmUpView> warmUps, Dictionary<string, long> ids, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var before = (await WarmUpsAsync(work, accountId, now, cancellationToken)).ToList();
        var kept = new HashSet<long>();
        for (var i = 0; i < warmUps.Count; i++)
        {
            var (path, w) = ($"/warm_ups/{i}", warmUps[i]);
            long? server = w.Server is null ? null : ServerOf(w.Server, ids, path + "/server");
            var domain = DomainOf(w.Domain, path);
            if (before.Find(b => !kept.Contains(b.Id) && b.ServerId == server && b.Domain == domain) is { } same)
            {
                kept.Add(same.Id);
                await Sql.Of($"""
                    update messaging.warm_up set starts_on = {w.StartsOn}, first_volume = {w.FirstVolume}, growth = {w.Growth}, target = {w.Target}
                    where account_id = {accountId} and id = {same.Id}
                    """).ExecuteAsync(work, cancellationToken);
            }
            else
            {
                kept.Add(await Sql.Of($"""
                    insert into messaging.warm_up (account_id, server_id, domain, starts_on, first_volume, growth, target)
                    values ({accountId}, {server}, {domain}, {w.StartsOn}, {w.FirstVolume}, {w.Growth}, {w.Target}) returning id
                    """).FirstAsync<long>(work, cancellationToken));
            }
        }

        await Sql.Of($"delete from messaging.warm_up where account_id = {accountId} and not (id = any ({kept.ToArray()}))").ExecuteAsync(work, cancellationToken);

        // Volumes may have grown: what waits for tomorrow is looked at again.
        await Sql.Of($"update messaging.send set next_at = {now} where account_id = {accountId} and next_at > {now} and state = 'deferred' and reason = 'warm_up'")
            .ExecuteAsync(work, cancellationToken);
    }

    private static async Task<PlanView> ViewAsync(AccountTransaction work, long accountId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var servers = await Sql.Of($"""
            select id, name, host, port, tls, user_name, password is not null, is_on from messaging.smtp_server where account_id = {accountId} order by id
            """).ListAsync<ServerView>(work, cancellationToken);
        var routes = await Sql.Of($"select lane, domain, server_ids, shares from messaging.smtp_route where account_id = {accountId} order by position").ListAsync<Route>(work, cancellationToken);
        var limits = await Sql.Of($"""
            select domain, per_second::float8, connections from messaging.domain_limit where account_id = {accountId} order by domain
            """).ListAsync<LimitView>(work, cancellationToken);
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        return new(
            servers, [.. routes.Select(r => new RouteView([.. r.ServerIds.Select((id, i) => new RouteShare(Text(id), r.Shares[i]))], r.Lane is { } lane ? Lanes[lane - 1] : null, r.Domain))],
            limits, [.. (await WarmUpsAsync(work, accountId, now, cancellationToken)).Select(w => new WarmUpView(
                w.StartsOn, w.FirstVolume, w.Growth, w.Target, w.ServerId is { } server ? Text(server) : null, w.Domain)
            {
                Today = new WarmUp(w.Id, w.ServerId, w.Domain, w.StartsOn, w.FirstVolume, w.Growth, w.Target).VolumeOn(day), Taken = w.Taken,
            })]);
    }

    private static Task<List<Warm>> WarmUpsAsync(AccountTransaction work, long accountId, DateTimeOffset now, CancellationToken cancellationToken) => Sql.Of($"""
        select w.id, w.server_id, w.domain, w.starts_on, w.first_volume, w.growth, w.target, coalesce(d.taken, 0)
        from messaging.warm_up w
        left join messaging.warm_up_day d on d.account_id = w.account_id and d.warm_up_id = w.id and d.day = {DateOnly.FromDateTime(now.UtcDateTime)}
        where w.account_id = {accountId} order by w.id
        """).ListAsync<Warm>(work, cancellationToken);

    private static void Check(IReadOnlyList<ServerInput> servers, IReadOnlyList<RouteView> routes, IReadOnlyList<LimitView> limits, IReadOnlyList<WarmUpView> warmUps)
    {
        Require(
            servers.All(s => s is not null) && routes.All(r => r is not null && (r.Servers ?? []).All(s => s is not null)) && limits.All(l => l is not null) && warmUps.All(w => w is not null),
            "", "No entry is null.");
        Require(servers.Count <= MaxServers, "/servers", $"There can be {MaxServers} servers.");
        Require(routes.Count <= MaxRoutes, "/routes", $"There can be {MaxRoutes} rules.");
        Require(limits.Count <= MaxLimits, "/limits", $"There can be {MaxLimits} caps.");
        Require(warmUps.Count <= MaxRoutes, "/warm_ups", $"There can be {MaxRoutes} plans.");
        for (var i = 0; i < servers.Count; i++)
        {
            var s = servers[i];
            Require(s.Name?.Trim().Length is >= 1 and <= 100, $"/servers/{i}/name", "A name has 1 to 100 characters.");
            Require(s.Host is { Length: <= 253 } && Uri.CheckHostName(s.Host.Trim()) != UriHostNameType.Unknown, $"/servers/{i}/host", "This is no host name.");
            Require(s.Port is >= 1 and <= 65535, $"/servers/{i}/port", "A port is a number from 1 to 65535.");
            Require((s.UserName?.Length ?? 0) <= 500 && (s.Password?.Length ?? 0) <= 500, $"/servers/{i}/password", "This takes up to 500 characters.");
        }

        for (var i = 0; i < routes.Count; i++)
        {
            var shares = routes[i].Servers ?? [];
            Require(shares.Count is >= 1 and <= MaxServers && shares.Select(s => s.Server).Distinct(StringComparer.Ordinal).Count() == shares.Count, $"/routes/{i}/servers", "A rule names servers, each once.");
            Require(shares.All(s => s.Share is >= 0 and <= 1_000) && shares.Any(s => s.Share > 0), $"/routes/{i}/servers", "Shares are from 0 to 1,000, one of them above 0.");
        }

        for (var i = 0; i < limits.Count; i++)
        {
            Require(limits[i].Domain is { Length: > 0 }, $"/limits/{i}/domain", "A cap is for a domain, or for * (all others).");
            Require(limits[i].PerSecond is >= .001 and <= 10_000, $"/limits/{i}/per_second", "From 0.001 to 10,000 messages a second.");
            Require(limits[i].Connections is >= 1 and <= 200, $"/limits/{i}/connections", "From 1 to 200.");
        }

        for (var i = 0; i < warmUps.Count; i++)
        {
            var w = warmUps[i];
            Require(w.FirstVolume is >= 1 and <= 1_000_000, $"/warm_ups/{i}/first_volume", "From 1 to 1,000,000 mails.");
            Require(w.Growth is >= 1.05m and <= 5m, $"/warm_ups/{i}/growth", "From 1.05 to 5.");
            Require(w.Target >= w.FirstVolume, $"/warm_ups/{i}/target", "The target is not below the first day's volume.");
            Require(w.StartsOn.Year is >= 2000 and <= 2200, $"/warm_ups/{i}/starts_on", "A date from 2000 to 2200.");
        }
    }

    private static void Require(bool holds, string path, string message)
    {
        if (!holds)
        {
            throw new InvalidInputException(path, "validation_failed", message);
        }
    }

    private static short? LaneOf(string? lane, string path) => lane is null ? null
        : Array.IndexOf(Lanes, lane) is >= 0 and var at ? (short)(at + 1) : throw new InvalidInputException(path + "/lane", "validation_failed", "transactional, automation or campaign.");

    private static string? DomainOf(string? domain, string path) => string.IsNullOrWhiteSpace(domain) ? null
        : EmailAddress.TryParse("x@" + domain.Trim().TrimStart('@'), out var address, out _, out _) ? address.Domain
        : throw new InvalidInputException(path + "/domain", "domain_invalid", "This is no domain.");

    private static long ServerOf(string? server, Dictionary<string, long> ids, string path) => server is not null && ids.TryGetValue(server, out var id)
        ? id : throw new InvalidInputException(path, "not_found", "There is no such server.");

    private static string Text(long id) => id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
