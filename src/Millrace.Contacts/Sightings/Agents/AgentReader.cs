using System.Collections.Concurrent;
using Millrace.Contacts.Contracts;

namespace Millrace.Contacts.Sightings.Agents;

/// <summary>Reads user agents by <see cref="AgentTable"/>. The same few thousand come again and again, so what was read is kept.</summary>
internal static class AgentReader
{
    /// <summary>What stands beyond is not read.</summary>
    private const int MaxLength = 512;

    private const int MaxKept = 10_000;

    /// <summary>Apple's privacy proxy calls itself this and nothing more.</summary>
    private const string Bare = "Mozilla/5.0";

    private static readonly ConcurrentDictionary<string, Agent> Known = new(StringComparer.Ordinal);

    /// <summary>Safe for many threads.</summary>
    public static Agent Read(string agent)
    {
        var text = agent.Length > MaxLength ? agent[..MaxLength] : agent;
        if (Known.TryGetValue(text, out var known))
        {
            return known;
        }

        // Anybody can send any number of names: begin anew rather than grow.
        if (Known.Count >= MaxKept)
        {
            Known.Clear();
        }

        return Known[text] = Tell(text);
    }

    private static Agent Tell(string text)
    {
        var told = new Agent(Device: null, Os: null, MailClient: null, Browser: null, Machine: null);
        switch (text.Trim())
        {
            case "":
                return told with { Machine = Agent.Scanner };
            case Bare:
                return told with { Machine = Agent.Privacy, MailClient = "Apple Mail" };
        }

        foreach (var row in AgentTable.Rows)
        {
            if (Has(text, row.Mark) && !row.Unless.Any(u => Has(text, u)))
            {
                told = new Agent(
                    told.Device ?? row.Device, told.Os ?? row.Os, told.MailClient ?? row.MailClient, told.Browser ?? row.Browser, told.Machine ?? row.Machine);
            }
        }

        // A machine may pose as anything; only a mailbox's proxy says which mailbox it is.
        return told.Machine is null ? told : new Agent(null, null, told.Machine is Agent.Proxy or Agent.Privacy ? told.MailClient : null, null, told.Machine);
    }

    private static bool Has(string text, string mark) => text.Contains(mark, StringComparison.OrdinalIgnoreCase);
}
