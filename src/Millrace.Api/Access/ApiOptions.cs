using System.ComponentModel.DataAnnotations;

namespace Millrace.Api.Access;

/// <summary>Bound from <c>Millrace:Api</c>.</summary>
public sealed class ApiOptions
{
    public const string Section = "Millrace:Api";

    /// <summary>Requests a second that one account may send to <c>/api/3</c> over all its keys, per node; 1 to 100,000. Default 100. The original allows 5.</summary>
    [Range(1, 100_000)]
    public int RequestsPerSecond { get; set; } = 100;
}
