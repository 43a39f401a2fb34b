using Microsoft.Extensions.Options;

namespace Millrace.Messaging.Tracking.Quality;

/// <summary><c>Millrace:Tracking</c>: how opens and clicks of machines are known.</summary>
internal sealed class TrackingOptions
{
    public const string Section = "Millrace:Tracking";

    /// <summary>
    /// A file of networks from which only machines ask (one CIDR a line, <c>#</c> begins a remark), besides those that are built in. Read at the start; a line
    /// that is no network keeps the server from starting.
    /// </summary>
    public string? MachineNetworks { get; set; }
}

/// <summary>The networks of <see cref="TrackingOptions.MachineNetworks"/>, read once.</summary>
internal sealed class CheckTrackingOptions : IValidateOptions<TrackingOptions>
{
    public ValidateOptionsResult Validate(string? name, TrackingOptions options)
    {
        try
        {
            MachineNetworks.Read(options.MachineNetworks);
            return ValidateOptionsResult.Success;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return ValidateOptionsResult.Fail($"{TrackingOptions.Section}:{nameof(TrackingOptions.MachineNetworks)}: {e.Message}");
        }
    }
}
