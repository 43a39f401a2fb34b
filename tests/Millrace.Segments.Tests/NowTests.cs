using Millrace.Kernel.Data;

namespace Millrace.Segments.Tests;

public sealed class NowTests(SegmentsFixture segments) : IClassFixture<SegmentsFixture>
{
    [Theory]
    [InlineData("""{"field":"now.time","op":"between","value":["22:00","06:00"]}""", true, true)]
    [InlineData("""{"field":"now.time","op":"between","value":["22:00","06:00"],"zone":"contact"}""", false, true)]
    [InlineData("""{"field":"now.weekday","op":"is","value":"monday"}""", false, false)]
    [InlineData("""{"field":"now.weekday","op":"is","value":["monday"],"zone":"contact"}""", true, false)]
    [InlineData("""{"field":"now.weekday","op":"is_not","value":["monday"],"zone":"contact"}""", false, true)]
    [InlineData("""{"field":"now.date","op":"gt","value":"2026-03-08","zone":"contact"}""", true, false)]
    public async Task Now_is_meant_where_the_account_or_the_contact_is(string json, bool inTokyo, bool elsewhere)
    {
        // Sunday 23:30 in UTC is Monday 08:30 in Tokyo.
        var now = new DateTimeOffset(2026, 3, 8, 23, 30, 0, TimeSpan.Zero);
        var account = await segments.NewAccountAsync();
        await using var work = await segments.BeginAsync(account);
        foreach (var (zone, holds) in new[] { ("Asia/Tokyo", inTokyo), (null, elsewhere), ("Nowhere/Atlantis", elsewhere) })
        {
            var id = await Sql.Of($"""
                insert into contacts.contact (account_id, time_zone, created_at, updated_at) values ({account}, {zone}, {now}, {now}) returning id
                """).FirstAsync<long>(work, default);
            var matching = await segments.Conditions.MatchingAsync(work.Transaction, new(account, now, "UTC"), segments.Parse(json), [id], default);
            matching.Contains(id).ShouldBe(holds, zone);
        }
    }
}
