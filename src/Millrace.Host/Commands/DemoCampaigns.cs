using System.Globalization;
using System.Text.Json;

namespace Millrace.Host.Commands;

/// <summary>What the demo account sends to all its readers at once: two campaigns that have gone out, one that waits for its day, one that is being written.</summary>
internal static class DemoCampaigns
{
    private static readonly (int Step, string Template, string Name, string[] Subjects)[] Sent =
    [
        (4, "garden-letter", "Autumn letter", ["Before the first frost", "Three small jobs for October"]),
        (11, "new-arrival", "Hand tools from Sheffield", ["The new hand tools are here"]),
    ];

    /// <summary>Sends what is due when the people of a step have joined.</summary>
    public static async Task SendAsync(HttpClient app, int step, string list, CancellationToken cancellationToken)
    {
        foreach (var (_, template, name, subjects) in Sent.Where(s => s.Step == step))
        {
            var id = await MakeAsync(app, template, name, subjects, list, null, cancellationToken);
            await DemoAccount.PostAsync(app, $"campaigns/{id}/launch", new { at_once = true }, cancellationToken);
        }
    }

    /// <summary>Those that are still to come.</summary>
    public static async Task PlanAsync(HttpClient app, string list, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var day = now.AddDays(6).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var planned = await MakeAsync(app, "gift-voucher", "Vouchers for the holidays", ["A present that grows"], list, day + "T09:00", cancellationToken);
        await DemoAccount.PostAsync(app, $"campaigns/{planned}/launch", new { at_once = false }, cancellationToken);
        await MakeAsync(app, "spring", "Spring opening", ["We open the garden gate"], list, null, cancellationToken);
    }

    private static async Task<long> MakeAsync(
        HttpClient app, string template, string name, string[] subjects, string list, string? at, CancellationToken cancellationToken)
    {
        var campaign = await DemoAccount.PostAsync(
            app,
            "campaigns",
            new
            {
                type = subjects.Length > 1 ? "split" : "standard",
                campaign = new { name, list_ids = new[] { long.Parse(list, CultureInfo.InvariantCulture) }, schedule_local = at },
            },
            cancellationToken);
        var content = await app.GetFromJsonAsync<JsonElement>($"templates/content?template=library/{template}", cancellationToken);
        foreach (var (subject, variant) in subjects.Zip(campaign.GetProperty("variants").EnumerateArray()))
        {
            using var saved = await app.PutAsJsonAsync(
                $"messages/{variant.GetProperty("message_id").GetInt64()}",
                new { name, subject, preheader = content.GetProperty("preheader").GetString(), design = content.GetProperty("design") },
                cancellationToken);
            saved.EnsureSuccessStatusCode();
        }

        return campaign.GetProperty("id").GetInt64();
    }
}
