using System.Globalization;
using Millrace.Kernel.Security.Http;

namespace Millrace.Contacts.BulkImport;

/// <summary>The call that tells that an import is done. What the original's body looks like is not documented; this one is a form.</summary>
internal static class BulkImportCallback
{
    public static OutgoingCall Of(BulkCallback callback, Guid batchId, BulkOutcome outcome)
    {
        var pairs = (callback.Params ?? []).Select(p => (p!.Key!, p.Value ?? string.Empty)).ToList();
        var headers = (callback.Headers ?? []).GroupBy(h => h!.Key!, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.Last()!.Value ?? string.Empty, StringComparer.Ordinal);
        if (callback.IsGet)
        {
            var divider = callback.Url!.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            return new OutgoingCall(pairs.Count == 0 ? callback.Url : callback.Url + divider + Form(pairs), "GET", string.Empty, headers);
        }

        if (callback.IsDetailed)
        {
            pairs.Add(("batchId", batchId.ToString()));
            pairs.Add(("success", outcome.Succeeded.Length.ToString(CultureInfo.InvariantCulture)));
            pairs.Add(("failure", outcome.Refused.Count.ToString(CultureInfo.InvariantCulture)));
            pairs.AddRange(outcome.Refused.Select((r, i) => (string.Create(CultureInfo.InvariantCulture, $"errors[{i}]"), $"{r.Email}: {r.Reason}")));
        }

        return new OutgoingCall(callback.Url!, "POST", Form(pairs), headers);
    }

    private static string Form(IEnumerable<(string Key, string Value)> pairs) =>
        string.Join('&', pairs.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}"));
}
