using System.Text.Json;
using System.Text.Json.Serialization;

namespace Millrace.Automations.Engine;

/// <summary>Remembers a run's passes through go-to steps. Kept only for automations that have some: nothing else can go round.</summary>
internal sealed class LoopGuard
{
    /// <summary>Passes through one go-to without any wait in between.</summary>
    public const int TightPasses = 3;

    /// <summary>Passes through one go-to in 24 hours.</summary>
    public const int DailyPasses = 10;

    /// <summary>Steps of one run in 24 hours.</summary>
    public const int DailySteps = 1_000;

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    /// <summary>Visit number of the last wait.</summary>
    [JsonPropertyName("w")]
    public int LastWait { get; set; }

    [JsonPropertyName("n")]
    public int Steps { get; set; }

    /// <summary>Unix seconds since when <see cref="Steps"/> counts.</summary>
    [JsonPropertyName("s")]
    public long Since { get; set; }

    [JsonPropertyName("g")]
    public Dictionary<string, Passes> Gotos { get; set; } = [];

    public static LoopGuard? Read(string? json) => json is null ? null : JsonSerializer.Deserialize<LoopGuard>(json);

    public string Write() => JsonSerializer.Serialize(this);

    /// <summary>Counts a step.</summary>
    /// <returns>False when the run has done too many.</returns>
    public bool Step(DateTimeOffset now)
    {
        if (now.ToUnixTimeSeconds() - Since >= (long)Day.TotalSeconds)
        {
            (Since, Steps) = (now.ToUnixTimeSeconds(), 0);
        }

        return ++Steps <= DailySteps;
    }

    /// <summary>Counts a pass through a go-to.</summary>
    /// <returns>Why it may not pass any more; null when it may.</returns>
    public string? Pass(string gotoKey, int visitNo, DateTimeOffset now)
    {
        if (!Gotos.TryGetValue(gotoKey, out var passes))
        {
            Gotos[gotoKey] = passes = new Passes();
        }

        passes.Tight = LastWait > passes.Visit ? 1 : passes.Tight + 1;
        passes.Visit = visitNo;
        passes.Recent.RemoveAll(t => now.ToUnixTimeSeconds() - t >= (long)Day.TotalSeconds);
        passes.Recent.Add(now.ToUnixTimeSeconds());
        if (passes.Tight > TightPasses)
        {
            return "A loop without a wait was passed 3 times.";
        }

        return passes.Recent.Count > DailyPasses ? "The loop was passed 10 times in 24 hours." : null;
    }

    /// <summary>Passes through one go-to.</summary>
    internal sealed class Passes
    {
        [JsonPropertyName("v")]
        public int Visit { get; set; }

        [JsonPropertyName("t")]
        public int Tight { get; set; }

        [JsonPropertyName("r")]
        public List<long> Recent { get; set; } = [];
    }
}
