using System.Net.Http.Json;
using Millrace.TestKit;

namespace Millrace.Automations.Tests;

public sealed class Versions_and_their_notes(Product product)
{
    [Fact]
    public async Task Every_version_says_who_published_it_and_why()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""{ "name": "V", "create": true, "steps": [ { "id": "a", "type": "tag.add", "tag": "one" } ] }""", activate: false);
        await scenario.Account.PostAsync($"automations/{automation}/publish", new { note = "  The first one  " });
        await scenario.SaveAsync(automation, """[ { "id": "w", "type": "wait.for", "duration": "P1D" } ]""");
        await scenario.Account.PostAsync($"automations/{automation}/publish", new { });

        var versions = (await scenario.Account.GetAsync($"automations/{automation}/versions")).AsArray();
        versions.Select(v => ((int)v!["number"]!, (string)v["note"]!, (bool)v["current"]!)).ShouldBe([(2, "", true), (1, "The first one", false)]);
        versions.ShouldAllBe(v => ((string)v!["publisher"]!).Length > 0);
        (await scenario.Account.GetAsync($"automations/{automation}/versions?before=2")).AsArray().Count.ShouldBe(1);

        var first = await scenario.Account.GetAsync($"automations/{automation}/versions/1");
        ((string)first["note"]!).ShouldBe("The first one");
        var tag = first["document"]!["steps"]![0]!["tag"]!.ToString();
        ((string)first["names"]!["tag"]![tag]!).ShouldBe("one");
    }

    [Fact]
    public async Task A_note_that_is_too_long_or_no_text_publishes_nothing()
    {
        var scenario = await Scenario.NewAsync(product);
        var automation = await scenario.ImportAsync("""{ "name": "V", "steps": [ { "id": "w", "type": "wait.for", "duration": "P1D" } ] }""", activate: false);
        foreach (object body in new object[] { new { note = new string('x', 1001) }, new { note = "a\0b" }, new { note = 7 }, new { notes = "x" } })
        {
            using var answer = await scenario.Account.App.PostAsJsonAsync($"automations/{automation}/publish", body);
            ((int)answer.StatusCode).ShouldBeInRange(400, 422);
        }

        (await scenario.Account.GetAsync($"automations/{automation}/versions")).AsArray().Count.ShouldBe(0);
        using var nothing = await scenario.Account.App.PostAsync(new Uri($"automations/{automation}/publish", UriKind.Relative), null);
        ((int)nothing.StatusCode).ShouldBe(200, "who says nothing publishes without a note");
    }
}
