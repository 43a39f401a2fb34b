using System.Globalization;

namespace Millrace.Automations.Tests.Conformance;

/// <summary>2.5: automations that a date sets off.</summary>
internal sealed class Dates : RuleTable
{
    public Dates()
        : base("2.5")
    {
        Add("On the date, at the time of day, and not before", async c =>
        {
            var (automation, contact, _) = await DateAsync(c, 3, """ "time": "09:30" """);
            await ToAsync(c, 3, 9.4);
            (await c.EntriesAsync(automation, contact)).ShouldBe(0);
            await ToAsync(c, 0, 9.5);
            await EntersAsync(c, automation, contact, 1);
        });
        Add("Some days before the date", async c =>
        {
            var (automation, contact, _) = await DateAsync(c, 9, """ "when": "before", "count": 7, "time": "00:00" """);
            await ToAsync(c, 1, 23);
            (await c.EntriesAsync(automation, contact)).ShouldBe(0);
            await ToAsync(c, 1, 0);
            await EntersAsync(c, automation, contact, 1);
        });
        Add("Some weeks after the date", async c =>
        {
            var (automation, contact, _) = await DateAsync(c, -12, """ "when": "after", "count": 2, "unit": "weeks", "time": "00:00" """);
            await ToAsync(c, 1, 23);
            (await c.EntriesAsync(automation, contact)).ShouldBe(0);
            await ToAsync(c, 1, 0);
            await EntersAsync(c, automation, contact, 1);
        });
        Add("Every year on month and day", async c =>
        {
            var (automation, contact, _) = await DateAsync(c, 4, """ "yearly": true, "time": "08:00" """, years: -33, runs: "multiple");
            await ToAsync(c, 4, 8);
            await EntersAsync(c, automation, contact, 1);
            await ToAsync(c, 365, 7);
            (await c.EntriesAsync(automation, contact)).ShouldBe(1);
            await ToAsync(c, 1, 8);
            await EntersAsync(c, automation, contact, 2);
        });
        Add("A trigger that runs once fires for one date only", async c =>
        {
            var (automation, contact, field) = await DateAsync(c, 2, """ "time": "08:00" """);
            await ToAsync(c, 2, 8);
            await EntersAsync(c, automation, contact, 1);
            await c.SetAsync(contact, field, Day(c, 2));
            await ToAsync(c, 3, 8);
            (await c.EntriesAsync(automation, contact)).ShouldBe(1);
        });
        Add("Once per contact and date, and again for another date", async c =>
        {
            var (automation, contact, field) = await DateAsync(c, 2, """ "time": "08:00" """, runs: "multiple");
            await ToAsync(c, 2, 8);
            await EntersAsync(c, automation, contact, 1);
            await ToAsync(c, 0, 23);
            (await c.EntriesAsync(automation, contact)).ShouldBe(1);
            await c.SetAsync(contact, field, Day(c, 2));
            await ToAsync(c, 2, 8);
            await EntersAsync(c, automation, contact, 2);
        });
        Add("A date whose moment has passed does not fire", async c =>
        {
            var (automation, _, field) = await DateAsync(c, 50, """ "time": "00:00" """);
            var late = await c.ContactAsync();
            await c.SetAsync(late, field, Day(c, 0));
            await ToAsync(c, 2, 1);
            (await c.EntriesAsync(automation, late)).ShouldBe(0);
        });
        Add("What came round before the activation does not count", async c =>
        {
            var field = await c.FieldAsync("date", "Date");
            var contact = await c.ContactAsync();
            await c.SetAsync(contact, field, Day(c, 1));
            await ToAsync(c, 1, 12);
            var automation = await AutomationAsync(c, """ "time": "08:00" """, "multiple");
            await ToAsync(c, 1, 12);
            (await c.EntriesAsync(automation, contact)).ShouldBe(0);
        });
        Add("What came round while the automation was off does not count", async c =>
        {
            var (automation, contact, _) = await DateAsync(c, 2, """ "time": "08:00" """);
            await c.PostAsync($"automations/{automation}/deactivate");
            await ToAsync(c, 3, 1);
            await c.PostAsync($"automations/{automation}/activate");
            await ToAsync(c, 1, 1);
            (await c.EntriesAsync(automation, contact)).ShouldBe(0);
        });
        Add("By the contact's own clock", async c =>
        {
            var (automation, contact, field) = await DateAsync(c, 3, """ "time": "09:00", "clock": "contact" """);
            var tokyo = await c.ContactAsync("Asia/Tokyo");
            await c.SetAsync(tokyo, field, Day(c, 3));
            // Nine in Tokyo is midnight where the account is.
            await ToAsync(c, 3, 1);
            await EntersAsync(c, automation, tokyo, 1);
            (await c.EntriesAsync(automation, contact)).ShouldBe(0);
            await ToAsync(c, 0, 9);
            await EntersAsync(c, automation, contact, 1);
        });
        Add("Who does not match the trigger's segment does not enter", async c =>
        {
            var (automation, contact, field) = await DateAsync(c, 2, """ "time": "08:00", "where": { "all": [ { "field": "tag", "op": "has", "value": "vip ~" } ] } """);
            var vip = await c.ContactAsync();
            await c.SetAsync(vip, field, Day(c, 2));
            await c.TagAsync("vip", vip);
            await ToAsync(c, 2, 9);
            await EntersAsync(c, automation, vip, 1);
            (await c.EntriesAsync(automation, contact)).ShouldBe(0);
        });
        Add("A field that is no date is refused", async c =>
        {
            var field = await c.FieldAsync("text", "Words");
            using var answer = await c.ImportAsync($$"""{ "triggers": [ { "type": "date.reached", "field": "Words ~" } ], "steps": [ { "type": "wait.for", "duration": "P1D" } ] }""", activate: true);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("not_a_date");
            field.ShouldBeGreaterThan(0);
        });
    }

    private static string Day(Case c, int days, int years = 0) => c.Now.UtcDateTime.Date.AddDays(days).AddYears(years).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>To an hour of a later day.</summary>
    private static async Task ToAsync(Case c, int days, double hour)
    {
        var then = c.Now.UtcDateTime.Date.AddDays(days).AddHours(hour);
        await c.AfterAsync(then > c.Now.UtcDateTime ? then - c.Now.UtcDateTime : TimeSpan.FromMinutes(1));
        await c.AskedAsync();
    }

    private static Task EntersAsync(Case c, long automation, long contact, int entries) => TestKit.Product.EventuallyAsync(
        async () => await c.EntriesAsync(automation, contact) == entries, $"{entries} entries");

    private static Task<long> AutomationAsync(Case c, string options, string runs) => c.AutomationAsync($$"""
        { "triggers": [ { "id": "t", "type": "date.reached", "runs": "{{runs}}", "field": "Date ~", {{(options.Contains("clock", StringComparison.Ordinal) ? "" : "\"clock\": \"account\",")}} {{options}} } ],
          "steps": [ { "id": "w", "type": "wait.for", "duration": "P1D" } ] }
        """);

    private static async Task<(long Automation, long Contact, long Field)> DateAsync(Case c, int days, string options, int years = 0, string runs = "once")
    {
        var field = await c.FieldAsync("date", "Date");
        var contact = await c.ContactAsync();
        await c.SetAsync(contact, field, Day(c, days, years));
        return (await AutomationAsync(c, options, runs), contact, field);
    }
}
