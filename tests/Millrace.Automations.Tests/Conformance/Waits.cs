namespace Millrace.Automations.Tests.Conformance;

/// <summary>2.7: how long a contact waits.</summary>
internal sealed class Waits : RuleTable
{
    private const string Rest = """{ "id": "z", "type": "wait.for", "duration": "P3000D" }""";

    public Waits()
        : base("2.7")
    {
        Add("A set period is the sum of its parts", async c =>
        {
            var (automation, contact) = await WaitingAsync(c, """{ "type": "wait.for", "duration": "P1DT2H30M" }""");
            await c.AfterAsync(TimeSpan.FromHours(26));
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
            await c.AfterAsync(TimeSpan.FromMinutes(30));
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("A period of a month goes by the calendar", async c =>
        {
            var (automation, contact) = await WaitingAsync(c, """{ "type": "wait.for", "duration": "P1M" }""");
            var days = (c.Now.AddMonths(1) - c.Now).TotalDays;
            await c.DaysAsync(days - 0.1);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
            await c.DaysAsync(0.1);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("A longer period counts the time already spent", async c =>
        {
            var (automation, contact) = await WaitingAsync(c, """{ "type": "wait.for", "duration": "P1D" }""");
            await c.AfterAsync(TimeSpan.FromHours(23));
            await c.RepublishAsync(automation, $$"""[ { "id": "w", "type": "wait.for", "duration": "P2D" }, {{Rest}} ]""");
            await c.AfterAsync(TimeSpan.FromHours(24));
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
            await c.AfterAsync(TimeSpan.FromHours(1));
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("A shorter period that is over already lets the contact go", async c =>
        {
            var (automation, contact) = await WaitingAsync(c, """{ "type": "wait.for", "duration": "P9D" }""");
            await c.DaysAsync(2);
            await c.RepublishAsync(automation, $$"""[ { "id": "w", "type": "wait.for", "duration": "P1D" }, {{Rest}} ]""");
            await c.BecomesAsync(automation, contact, "waiting:z");
        });
        Add("A deleted wait lets its contacts go to the next step", async c =>
        {
            var (automation, contact) = await WaitingAsync(c, """{ "type": "wait.for", "duration": "P9D" }""");
            await c.RepublishAsync(automation, $"[ {Rest} ]");
            await c.BecomesAsync(automation, contact, "waiting:z");
        });
        Add("When nothing follows a deleted wait the automation is over", async c =>
        {
            var (automation, contact) = await WaitingAsync(c, """{ "type": "wait.for", "duration": "P9D" }""");
            await c.RepublishAsync(automation, """[ { "id": "new", "type": "wait.for", "duration": "P9D" } ]""");
            await c.BecomesAsync(automation, contact, "completed:");
        });
        Add("Clocks run while the automation is off and an elapsed wait ends on re-activation", async c =>
        {
            var (automation, contact) = await WaitingAsync(c, """{ "type": "wait.for", "duration": "P2D" }""");
            await c.PostAsync($"automations/{automation}/deactivate");
            await c.DaysAsync(3);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
            await c.PostAsync($"automations/{automation}/activate");
            await c.BecomesAsync(automation, contact, "waiting:z");
        });
        Add("Conditions that hold on arrival let the contact pass at once", async c =>
        {
            var contact = await c.ContactAsync();
            await c.TagAsync("buyer", contact);
            var automation = await c.StepsAsync($$"""[ {{Until("buyer", null)}}, {{Rest}} ]""");
            await c.AddAsync(automation, contact);
            (await c.PathAsync(automation, contact)).ShouldBe("w=met");
        });
        Add("A wait for conditions ends as soon as they hold", async c =>
        {
            var (automation, contact) = await WaitingAsync(c, Until("buyer", null));
            await c.DaysAsync(3);
            await c.TagAsync("buyer", contact);
            await c.BecomesAsync(automation, contact, "waiting:z");
        });
        Add("Has-not conditions are true from the start", async c =>
        {
            var automation = await c.StepsAsync($$"""
                [ { "id": "w", "type": "wait.until", "conditions": { "all": [ { "field": "tag", "op": "has_not", "value": "buyer ~" } ] } }, {{Rest}} ]
                """);
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("At the time limit the contact goes on whether the conditions hold or not", async c =>
        {
            var (automation, contact) = await WaitingAsync(c, Until("buyer", "P2D"));
            await c.DaysAsync(2);
            (await c.PathAsync(automation, contact)).ShouldBe("w=timed_out");
        });
        Add("A time limit that elapses while the automation is off ends the wait on re-activation", async c =>
        {
            var (automation, contact) = await WaitingAsync(c, Until("buyer", "P1D"));
            await c.PostAsync($"automations/{automation}/deactivate");
            await c.DaysAsync(4);
            await c.PostAsync($"automations/{automation}/activate");
            await c.BecomesAsync(automation, contact, "waiting:z");
            (await c.PathAsync(automation, contact)).ShouldBe("w=timed_out");
        });
        Add("An edited condition is asked again at once", async c =>
        {
            var (automation, contact) = await WaitingAsync(c, Until("buyer", null));
            await c.TagAsync("other", contact);
            var other = await c.Scenario.TagAsync(c.Own("other"));
            await c.RepublishAsync(automation, $$"""
                [ { "id": "w", "type": "wait.until", "conditions": { "all": [ { "field": "tag", "op": "has", "value": {{other}} } ] } }, {{Rest}} ]
                """);
            await c.BecomesAsync(automation, contact, "waiting:z");
        });
        Add("After a timeout only a new question tells why the wait ended", async c =>
        {
            var contact = await c.ContactAsync();
            var automation = await c.StepsAsync($$"""
                [ {{Until("buyer", "P1D")}},
                  { "id": "if", "type": "flow.if", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "buyer ~" } ] }, "yes": [ {{Rest}} ], "no": [ {{Rest.Replace("\"z\"", "\"n\"", StringComparison.Ordinal)}} ] } ]
                """);
            await c.AddAsync(automation, contact);
            await c.DaysAsync(1);
            (await c.PathAsync(automation, contact)).ShouldBe("w=timed_out if=no");
        });
        Times();
        Dates();
    }

    private void Times()
    {
        Add("Until an hour: whoever comes within that hour passes at once", async c =>
        {
            var automation = await c.StepsAsync($$"""[ { "id": "w", "type": "wait.until_time", "hour": {{c.Now.Hour}}, "clock": "account" }, {{Rest}} ]""");
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            (await c.PathAsync(automation, contact)).ShouldBe("w=met");
        });
        Add("Until an hour that is over today: waits for tomorrow", async c =>
        {
            var hour = c.Now.AddHours(-1).Hour;
            var (automation, contact) = await WaitingAsync(c, $$"""{ "type": "wait.until_time", "hour": {{hour}}, "clock": "account" }""");
            var now = c.Now.DateTime;
            var next = now.Date.AddHours(hour);
            next = next <= now ? next.AddDays(1) : next;
            await c.AfterAsync(next - now - TimeSpan.FromMinutes(1));
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
            await c.AfterAsync(TimeSpan.FromMinutes(1));
            (await c.PathAsync(automation, contact)).ShouldBe("w=waited");
        });
        Add("Until a weekday: any hour of it", async c =>
        {
            var day = c.Now.AddDays(2).DayOfWeek.ToString().ToLowerInvariant();
            var (automation, contact) = await WaitingAsync(c, $$"""{ "type": "wait.until_time", "weekday": "{{day}}", "clock": "account" }""");
            await c.AfterAsync(c.Now.Date.AddDays(2) - c.Now.DateTime);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("Until a day of the month: any month and year", async c =>
        {
            var then = c.Now.Date.AddDays(3);
            var (automation, contact) = await WaitingAsync(c, $$"""{ "type": "wait.until_time", "day": {{then.Day}}, "clock": "account" }""");
            await c.AfterAsync(then - c.Now.DateTime);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("Until an hour in the contact's own time zone", async c =>
        {
            // Tokyo is nine hours ahead of the account all year.
            var automation = await c.StepsAsync($$"""[ { "id": "w", "type": "wait.until_time", "hour": {{c.Now.AddHours(9).Hour}} }, {{Rest}} ]""");
            var (tokyo, nowhere) = (await c.ContactAsync("Asia/Tokyo"), await c.ContactAsync());
            await c.AddAsync(automation, tokyo, nowhere);
            (await c.StateAsync(automation, tokyo)).ShouldBe("waiting:z");
            (await c.StateAsync(automation, nowhere)).ShouldBe("waiting:w");
        });
        Add("Until an hour in a named time zone", async c =>
        {
            var automation = await c.StepsAsync($$"""
                [ { "id": "w", "type": "wait.until_time", "hour": {{c.Now.AddHours(9).Hour}}, "clock": "named", "time_zone": "Asia/Tokyo" }, {{Rest}} ]
                """);
            var contact = await c.ContactAsync();
            await c.AddAsync(automation, contact);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("Until a moment that comes while the automation is off: passes on re-activation", async c =>
        {
            var (automation, contact) = await WaitingAsync(c, $$"""{ "type": "wait.until_time", "hour": {{c.Now.AddHours(3).Hour}}, "clock": "account" }""");
            await c.PostAsync($"automations/{automation}/deactivate");
            await c.AfterAsync(TimeSpan.FromHours(9));
            await c.PostAsync($"automations/{automation}/activate");
            await c.BecomesAsync(automation, contact, "waiting:z");
        });
        Add("A day that no calendar has is refused", async c =>
            (await c.ProblemsAsync("""[ { "type": "wait.until_time", "day": 30, "month": 2 } ]""")).ShouldContain("invalid"));
        Add("A wait for nothing in particular is refused", async c =>
            (await c.ProblemsAsync("""[ { "type": "wait.until_time" } ]""")).ShouldContain("invalid"));
        Add("A moment that has passed is warned of", async c =>
            (await c.ProblemsAsync("""[ { "type": "wait.until_time", "year": 2020 } ]""")).ShouldContain("moment_passed"));
    }

    private void Dates()
    {
        Add("Until a date field: on the day, at the time asked for", async c =>
        {
            var (automation, contact, _) = await DateAsync(c, "on", 0, c.Now.AddDays(3), "\"time\": \"09:00\",");
            var then = c.Now.Date.AddDays(3).AddHours(9);
            // The clock runs on by itself while a busy machine works on other rules.
            await c.AfterAsync(then - c.Now.DateTime - TimeSpan.FromMinutes(20));
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
            await c.AfterAsync(TimeSpan.FromMinutes(20));
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("Until some days before a date field", async c =>
        {
            var (automation, contact, _) = await DateAsync(c, "before", 2, c.Now.AddDays(5));
            await c.AfterAsync(c.Now.Date.AddDays(3) - c.Now.DateTime);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("Until some days after a date field", async c =>
        {
            var (automation, contact, _) = await DateAsync(c, "after", 3, c.Now);
            await c.DaysAsync(1);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
            await c.AfterAsync(c.Now.Date.AddDays(2) - c.Now.DateTime);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:z");
        });
        Add("A day that is past lets the contact go at once", async c =>
        {
            var (automation, contact, _) = await DateAsync(c, "on", 0, c.Now.AddDays(-9));
            (await c.PathAsync(automation, contact)).ShouldBe("w=met");
        });
        Add("An empty date field waits until it is filled", async c =>
        {
            var (automation, contact, field) = await DateAsync(c, "on", 0, null);
            await c.DaysAsync(9);
            (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
            await c.SetAsync(contact, field, c.Now.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
            await c.BecomesAsync(automation, contact, "waiting:z");
        });
        Add("Another date counts as soon as it is written", async c =>
        {
            var (automation, contact, field) = await DateAsync(c, "on", 0, c.Now.AddDays(90));
            await c.SetAsync(contact, field, c.Now.AddDays(-1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
            await c.BecomesAsync(automation, contact, "waiting:z");
        });
        Add("A field of date and time cannot be waited for", async c =>
        {
            await c.FieldAsync("datetime", "Moment");
            (await c.ProblemsAsync("""[ { "type": "wait.until_date", "field": "Moment ~" } ]""")).ShouldContain("not_a_date");
        });
    }

    private static async Task<(long Automation, long Contact, long Field)> DateAsync(Case c, string when, int days, DateTimeOffset? value, string more = "")
    {
        var field = await c.FieldAsync("date", "Date");
        var contact = await c.ContactAsync();
        if (value is { } date)
        {
            await c.SetAsync(contact, field, date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        }

        var automation = await c.StepsAsync($$"""
            [ { "id": "w", "type": "wait.until_date", "field": "Date ~", {{more}} "when": "{{when}}", "days": {{Math.Max(1, days)}}, "clock": "account" }, {{Rest}} ]
            """);
        await c.AddAsync(automation, contact);
        return (automation, contact, field);
    }

    private static string Until(string tag, string? timeout) => $$"""
        { "id": "w", "type": "wait.until", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "{{tag}} ~" } ] } {{(timeout is null ? "" : $", \"timeout\": \"{timeout}\"")}} }
        """;

    private static async Task<(long Automation, long Contact)> WaitingAsync(Case c, string step)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(step)!.AsObject();
        json["id"] = "w";
        var automation = await c.StepsAsync($"[ {json.ToJsonString()}, {Rest} ]");
        var contact = await c.ContactAsync();
        await c.AddAsync(automation, contact);
        (await c.StateAsync(automation, contact)).ShouldBe("waiting:w");
        return (automation, contact);
    }
}
