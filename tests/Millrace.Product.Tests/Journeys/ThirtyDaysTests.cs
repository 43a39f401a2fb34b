using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Millrace.Product.Tests.Journeys;

/// <summary>A month of an automation passes while the test looks on.</summary>
public sealed class ThirtyDaysTests(MailProduct product) : IClassFixture<MailProduct>
{
    private const string Sender = "\"from\": { \"address\": \"ann@sender.example\" }";

    private const string Document = $$"""
        { "name": "A month", "create": true,
          "triggers": [ { "type": "tag.added", "tag": "begin" } ],
          "steps": [
            { "id": "mail1", "type": "email.send", "subject": "Week 1", {{Sender}}, "html": "<p>One</p>" },
            { "id": "week1", "type": "wait.for", "duration": "P7D" },
            { "id": "mail2", "type": "email.send", "subject": "Week 2", {{Sender}}, "html": "<p>Two</p>" },
            { "id": "week2", "type": "wait.for", "duration": "P7D" },
            { "id": "mail3", "type": "email.send", "subject": "Week 3", {{Sender}}, "html": "<p>Three</p>" },
            { "id": "week3", "type": "wait.for", "duration": "P7D" },
            { "id": "mail4", "type": "email.send", "subject": "Week 4", {{Sender}}, "html": "<p>Four</p>" },
            { "id": "rest", "type": "wait.for", "duration": "P9D" },
            { "id": "bought", "type": "goal", "name": "Bought", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "customer" } ] },
              "position": "below", "otherwise": "end" },
            { "id": "thanks", "type": "email.send", "subject": "Thank you", {{Sender}}, "html": "<p>Thanks</p>" } ] }
        """;

    [Fact]
    public async Task Thirty_days_of_weekly_mails_and_a_goal_take_seconds()
    {
        var started = Stopwatch.GetTimestamp();
        var account = await product.NewAccountAsync();
        await account.PostAsync("automations/import?activate=true", JsonNode.Parse(Document)!);
        var (patient, buyer) = (await BeginAsync(account, "patient@month.example"), await BeginAsync(account, "buyer@month.example"));
        var path = "waiting: mail1=done";
        await account.BecomesAsync(patient, path);
        await account.BecomesAsync(buyer, path);

        for (var week = 1; week <= 3; week++)
        {
            await product.MailsAsync("patient@month.example", week);
            await product.AdvanceAsync(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));
            account = await product.ReturnAsync(account);
            path += FormattableString.Invariant($" week{week}=waited mail{week + 1}=done");
            await account.BecomesAsync(patient, path);
            if (week == 1)
            {
                await product.MailsAsync("buyer@month.example", 2);
                await TagAsync(account, buyer, "customer");
                await account.BecomesAsync(buyer, "completed: mail1=done week1=waited mail2=done week2=jumped_to_goal bought=reached thanks=done");
            }
        }

        await product.AdvanceAsync(TimeSpan.FromDays(9) + TimeSpan.FromSeconds(1));
        account = await product.ReturnAsync(account);
        var walked = await account.BecomesAsync(patient, path.Replace("waiting", "ended", StringComparison.Ordinal) + " rest=waited bought=skipped");
        (await product.MailsAsync("patient@month.example", 4)).Select(m => m.Subject).ShouldBe(["Week 1", "Week 2", "Week 3", "Week 4"]);
        (await product.MailsAsync("buyer@month.example", 3)).Select(m => m.Subject).ShouldBe(["Week 1", "Week 2", "Thank you"]);
        TimesAreThoseOfTheWaits(walked);
        Stopwatch.GetElapsedTime(started).TotalSeconds.ShouldBeLessThan(60);
    }

    private static void TimesAreThoseOfTheWaits(JsonNode path)
    {
        var visits = path["visits"]!.AsArray().Select(v => (Step: (string)v!["step_id"]!, Arrived: Time(v["arrived_at"]!), Left: Time(v["left_at"]!))).ToList();
        foreach (var (step, days) in new[] { ("week1", 7), ("week2", 7), ("week3", 7), ("rest", 9) })
        {
            var visit = visits.Single(v => v.Step == step);
            (visit.Left - visit.Arrived).ShouldBeInRange(TimeSpan.FromDays(days), TimeSpan.FromDays(days) + TimeSpan.FromMinutes(10));
        }

        visits.Select(v => v.Arrived).ShouldBeInOrder();
        (Time(path["run"]!["finished_at"]!) - Time(path["run"]!["entered_at"]!)).ShouldBeInRange(TimeSpan.FromDays(30), TimeSpan.FromDays(30.1));
    }

    private static DateTimeOffset Time(JsonNode value) => DateTimeOffset.Parse((string)value!, CultureInfo.InvariantCulture);

    private static async Task<long> BeginAsync(TestKit.TestAccount account, string email)
    {
        var contact = await account.V3PostAsync("contacts", new { contact = new { email } });
        var id = long.Parse((string)contact["contact"]!["id"]!, CultureInfo.InvariantCulture);
        await TagAsync(account, id, "begin");
        return id;
    }

    /// <summary>Over v3, as an integration does it.</summary>
    private static async Task TagAsync(TestKit.TestAccount account, long contact, string tag)
    {
        var found = (await account.V3GetAsync($"tags?search={tag}"))["tags"]!.AsArray().Single(t => (string)t!["tag"]! == tag)!;
        await account.V3PostAsync("contactTags", new { contactTag = new { contact, tag = (string)found["id"]! } });
    }
}
