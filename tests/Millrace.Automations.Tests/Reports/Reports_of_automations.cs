using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Automations.Reports;
using Millrace.Kernel.Data;
using Millrace.Kernel.Extensibility;
using Millrace.TestKit;

namespace Millrace.Automations.Tests.Reports;

/// <summary>Each test has a server of its own time: what is counted by day must not depend on what others let pass.</summary>
[Collection(nameof(Time_moves))]
public sealed class Reports_of_automations(Product product)
{
    private const string Document = """
        { "name": "Counted", "create": true,
          "steps": [ { "id": "w", "type": "wait.for", "duration": "PT2H" },
                     { "id": "g", "type": "goal", "name": "Bought", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "buyer" } ] }, "otherwise": "END" },
                     { "id": "x", "type": "wait.for", "duration": "P40D" } ] }
        """;

    [Fact]
    public async Task People_steps_endings_and_goals_are_counted_by_day_and_compared_with_the_days_before()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync(Document.Replace("END", "end", StringComparison.Ordinal));
        var first = await scenario.ContactsAsync(4);
        var day = Today(product);
        await scenario.AddAsync(automation, first);
        foreach (var contact in first)
        {
            await scenario.BecomesAsync(automation, contact, "waiting:w");
        }

        // Two jump to the goal after one hour, the others come to it after two and end there; one who has reached it is taken out.
        await product.AdvanceAsync(TimeSpan.FromHours(1));
        await scenario.TagThemAsync("buyer", first[0], first[1]);
        await scenario.BecomesAsync(automation, first[0], "waiting:x");
        await scenario.BecomesAsync(automation, first[1], "waiting:x");
        await product.AdvanceAsync(TimeSpan.FromHours(1.01));
        await scenario.BecomesAsync(automation, first[3], "ended:");
        await scenario.BecomesAsync(automation, first[2], "ended:");
        await scenario.Account.PostAsync($"automations/{automation}/end-runs", new { });
        await product.AdvanceAsync(TimeSpan.FromDays(1));

        // A session does not last a day without use.
        await scenario.Account.LogInAgainAsync();
        var second = await scenario.ContactsAsync(3);
        await scenario.AddAsync(automation, second);
        await scenario.BecomesAsync(automation, second[2], "waiting:w");
        var last = Today(product);

        var flow = await ReportAsync(scenario, "automation.flow", automation, day, last);
        Figures(flow).ShouldBe(["entered 7", "completed 0", "ended 4", "inside 3"]);
        flow["answer"]!["rows"]!.AsArray().Sum(r => (decimal)r!["values"]![0]!).ShouldBe(7);
        Row(flow, Text(day))[0].ShouldBe(4);
        Row(flow, Text(last)).ShouldBe([3, 0, 0]);

        var compared = await ReportAsync(scenario, "automation.flow", automation, last, last, compare: true);
        Row(compared, Text(last))[0].ShouldBe(3);
        ((string)compared["before_last"]!).ShouldBe(Text(last.AddDays(-1)));
        if (last == day.AddDays(1))
        {
            Row(compared, Text(last))[3].ShouldBe(4);
        }

        var endings = await ReportAsync(scenario, "automation.endings", automation, day, last);
        endings["answer"]!["rows"]!.AsArray().Select(r => ((string)r!["label"]!, (decimal)r["values"]![0]!)).ShouldBe([("Taken out by a person", 2), ("Goal not reached", 2)], ignoreOrder: true);

        var steps = await ReportAsync(scenario, "automation.steps", automation, day, last);
        Row(steps, "w").ShouldBe([7, 4, 0, 0, 0, 3]);
        Row(steps, "g").ShouldBe([4, 2, 2, 0.5m, 0, 0]);
        Row(steps, "x").ShouldBe([2, 0, 2, 1, 0, 0]);

        var goals = await ReportAsync(scenario, "automation.goals", automation, day, last);
        ((string)goals["answer"]!["rows"]![0]!["label"]!).ShouldBe("Bought");
        var goal = Row(goals, "g");
        goal[..3].ShouldBe([2, 2, 0.5m]);
        goal[4]!.Value.ShouldBeInRange(3_600, 3_700);
        goal[3]!.Value.ShouldBeLessThanOrEqualTo(goal[4]!.Value);
    }

    [Fact]
    public async Task A_step_that_is_gone_stays_in_the_report_and_says_so()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""{ "name": "Cut", "steps": [ { "id": "old", "type": "wait.for", "duration": "P1D" }, { "id": "w", "type": "wait.for", "duration": "P9D" } ] }""");
        var contact = await scenario.ContactAsync();
        await scenario.AddAsync(automation, contact);
        await scenario.BecomesAsync(automation, contact, "waiting:old");
        await scenario.SaveAsync(automation, """[ { "id": "w", "type": "wait.for", "duration": "P9D" } ]""");
        await scenario.Account.PostAsync($"automations/{automation}/publish", new { });
        await scenario.BecomesAsync(automation, contact, "waiting:w");

        var steps = await ReportAsync(scenario, "automation.steps", automation, Today(product).AddDays(-1), Today(product).AddDays(1));
        steps["answer"]!["rows"]!.AsArray().Select(r => (string)r!["key"]!).ShouldBe(["w", "old"]);
        ((string)steps["answer"]!["rows"]![1]!["note"]!).ShouldContain("No longer");
        Row(steps, "old")[..2].ShouldBe([1, 1]);
        Row(steps, "w")[0].ShouldBe(1);
    }

    [Fact]
    public async Task Whatever_is_walked_comes_less_went_and_left_is_who_is_there()
    {
        var random = new Random(20261124);
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "Walked", "create": true, "steps": [
                { "id": "i", "type": "flow.if", "conditions": { "all": [ { "field": "tag", "op": "has", "value": "yes" } ] },
                  "yes": [ { "id": "a", "type": "wait.for", "duration": "PT1H" } ], "no": [ { "id": "e", "type": "flow.end" } ] },
                { "id": "t", "type": "tag.add", "tag": "done" }, { "id": "z", "type": "wait.for", "duration": "PT3H" } ] }
            """);
        for (var round = 0; round < 6; round++)
        {
            var people = await scenario.ContactsAsync(random.Next(1, 9));
            await scenario.TagThemAsync("yes", [.. people.Where(_ => random.Next(3) > 0)]);
            await scenario.AddAsync(automation, people);
            await product.AdvanceAsync(TimeSpan.FromMinutes(random.Next(5, 130)));
            await scenario.Account.SettledAsync();
            if (round == 3)
            {
                await scenario.Account.PostAsync($"automations/{automation}/end-runs", new { step = "z" });
            }
        }

        await Product.EventuallyAsync(async () => await scenario.QueryAsync<long>(Sql.Of($"""
            select count(*) from automations.run where account_id = {scenario.Account.Id} and automation_id = {automation} and due_at <= {product.Now}
            """)) == 0, "nothing is due");
        var (from, until) = (Today(product).AddDays(-5), Today(product).AddDays(1));

        // The shards of quarters that are over folded together: nothing changes.
        var before = (await ReportAsync(scenario, "automation.steps", automation, from, until))["answer"]!.ToJsonString();
        await product.AdvanceAsync(TimeSpan.FromMinutes(1));
        while (await ActivatorUtilities.CreateInstance<FoldPeriodTallies>(product.Services).RunOnceAsync(CancellationToken.None) > 0)
        {
        }

        var steps = await ReportAsync(scenario, "automation.steps", automation, from, until);
        steps["answer"]!.ToJsonString().ShouldBe(before);
        foreach (var row in steps["answer"]!["rows"]!.AsArray())
        {
            var values = Row(steps, (string)row!["key"]!);
            (values[0] - values[1] - values[2]).ShouldBe(values[5], row.ToJsonString());
        }

        // The numbers over the canvas are the same, and the branches of a decision are all that went on from it or left at it.
        var drawn = await scenario.Account.GetAsync($"automations/{automation}/numbers/period?first={Text(from)}&last={Text(until)}");
        foreach (var step in drawn["steps"]!.AsArray())
        {
            var row = Row(steps, (string)step!["step_id"]!);
            ((long)step["arrived"]!, (long)step["went"]!, (long)step["left"]!).ShouldBe(((long)row[0]!, (long)row[1]!, (long)row[2]!));
        }

        var fork = drawn["steps"]!.AsArray().Single(s => (string)s!["step_id"]! == "i")!;
        ((long)fork["results"]!["yes"]! + (long)fork["results"]!["no"]!).ShouldBe((long)fork["went"]!);
        (await scenario.Account.GetAsync($"automations/{automation}/numbers/period?first=2020-01-01&last=2020-01-31"))["steps"]!.AsArray().ShouldBeEmpty();
        foreach (var wrong in new[] { "", "?first=2026-01-02&last=2026-01-01", "?first=1999-12-31&last=2026-01-01", "?first=2001-01-01&last=2026-01-01" })
        {
            using var answer = await scenario.Account.App.GetAsync(new Uri($"automations/{automation}/numbers/period{wrong}", UriKind.Relative));
            ((int)answer.StatusCode).ShouldBeOneOf(400, 422);
        }

        (await scenario.Account.GetAsync($"automations/{automation}/steps"))["items"]!.AsArray().Select(s => $"{s!["id"]} {s["shape"]}")
            .ShouldBe(["i condition", "a wait", "e end", "t action", "z wait"]);
        var conditions = (await scenario.Account.GetAsync("conditions"))["conditions"]!.AsArray();
        conditions.Select(c => (string)c!["key"]!).ShouldNotContain(k => k == "contact.deleted" || k == "rss.updated", "nobody can have done it");
        conditions.Single(c => (string)c!["key"]! == $"automation:{automation}")!["options"]![0]!["type"]!.GetValue<string>().ShouldBe("step");

        var flow = Figures(await ReportAsync(scenario, "automation.flow", automation, from, until)).Select(f => long.Parse(f.Split(' ')[1], CultureInfo.InvariantCulture)).ToArray();
        (flow[0] - flow[1] - flow[2]).ShouldBe(flow[3]);
        flow[0].ShouldBe(await scenario.QueryAsync<long>(Sql.Of($"select count(*) from automations.run where account_id = {scenario.Account.Id} and automation_id = {automation}")));
        var endings = await ReportAsync(scenario, "automation.endings", automation, from, until);
        endings["answer"]!["rows"]!.AsArray().Sum(r => (decimal)r!["values"]![0]!).ShouldBe(flow[1] + flow[2]);
    }

    [Fact]
    public async Task Bad_questions_are_refused()
    {
        var account = await product.NewAccountAsync();
        foreach (var question in new[]
        {
            "automation.flow?subject_id=1&first=2026-02-30",
            "automation.flow?subject_id=1&first=2026-05-02&last=2026-05-01",
            "automation.flow?subject_id=1&first=0001-01-01&last=9999-12-31",
            "automation.flow?subject_id=1&first=2001-01-01&last=2026-12-31",
            "automation.flow",
            "automation.flow?subject_id=nine",
            "automation.flow?subject_id=999999999",
            "automation.mails?subject_id=999999999",
            "automation.goals?subject_id=-1",
            "nothing.here?subject_id=1",
            "%00?subject_id=1",
            "automation.flow%27--?subject_id=1",
        })
        {
            using var answer = await account.App.GetAsync(new Uri("reports/" + question, UriKind.Relative));
            ((int)answer.StatusCode).ShouldBeInRange(400, 422, question);
            (await answer.Content.ReadAsStringAsync()).ShouldNotContain("Exception");
        }
    }

    [Fact]
    public async Task The_file_is_fetched_once_by_the_one_who_asked_and_holds_no_formulas()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""
            { "name": "File", "steps": [ { "id": "g", "type": "goal", "name": "=cmd|' /C calc'!A0", "conditions": { "all": [ { "field": "email", "op": "is", "value": "x@example.org" } ] } } ] }
            """);
        var link = await scenario.Account.PostAsync("reports/automation.steps/link", new { subject_id = automation, compare = true });
        var path = (string)link["path"]!;
        var stranger = await product.NewAccountAsync();
        (await stranger.App.GetAsync(new Uri(path, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        using var file = await scenario.Account.App.GetAsync(new Uri(path, UriKind.Relative));
        file.StatusCode.ShouldBe(HttpStatusCode.OK);
        file.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        file.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        var text = await file.Content.ReadAsStringAsync();
        text.ShouldContain("\"'=cmd|' /C calc'!A0\"");
        text.Split("\r\n")[0].ShouldBe("\"Step\",\"Came\",\"Went on\",\"Left here\",\"Lost\",\"Failures\",\"Here now\",\"Came (before)\",\"Lost (before)\"");
        (await scenario.Account.App.GetAsync(new Uri(path, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound, "the link works once");
        (await scenario.Account.App.PostAsync(new Uri("reports/automation.steps/link", UriKind.Relative), new StringContent("{\"subject_id\": 999999}", System.Text.Encoding.UTF8, "application/json")))
            .StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_list_of_reports_is_the_catalogue()
    {
        var account = await product.NewAccountAsync();
        var items = (await account.GetAsync("reports?subject=automation"))["items"]!.AsArray();
        items.Select(i => (string)i!["key"]!).ShouldBe(["automation.flow", "automation.endings", "automation.steps", "automation.goals", "automation.mails"]);
        foreach (var report in product.Services.GetRequiredService<Catalogue<Report>>().All)
        {
            report.Key.ShouldMatch("^[a-z_]+\\.[a-z_]+$");
            report.Title.ShouldNotBeNullOrWhiteSpace();
            report.Description.ShouldEndWith(".");
        }

        (await account.GetAsync("reports?subject=nothing"))["items"]!.AsArray().Count.ShouldBe(0);
    }

    private static DateOnly Today(Product product) => DateOnly.FromDateTime(product.Now.UtcDateTime);

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static Task<JsonNode> ReportAsync(Scenario scenario, string key, long automation, DateOnly first, DateOnly last, bool compare = false) =>
        scenario.Account.GetAsync($"reports/{key}?subject_id={automation}&first={Text(first)}&last={Text(last)}&compare={(compare ? "true" : "false")}");

    private static string[] Figures(JsonNode report) => [.. report["answer"]!["figures"]!.AsArray().Select(f => $"{f!["key"]} {f["value"]}")];

    private static decimal?[] Row(JsonNode report, string key) =>
        [.. report["answer"]!["rows"]!.AsArray().Single(r => (string)r!["key"]! == key)!["values"]!.AsArray().Select(v => (decimal?)v)];
}
