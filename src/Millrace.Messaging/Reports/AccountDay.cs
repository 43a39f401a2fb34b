using Millrace.Kernel.Data;
using Millrace.Kernel.Time;
using Npgsql;

namespace Millrace.Messaging.Reports;

/// <summary>Days by the account's clock, as counters keep them.</summary>
internal static class AccountDay
{
    public static async Task<TimeZoneInfo> ZoneAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
        WallClock.Zone(await Sql.Of($"select time_zone from accounts.account where id = {accountId}").FirstAsync<string>(transaction, cancellationToken));

    public static DateOnly Of(TimeZoneInfo zone, DateTimeOffset at) => DateOnly.FromDateTime(WallClock.Local(zone, at));
}
