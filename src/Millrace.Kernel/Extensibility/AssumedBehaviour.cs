namespace Millrace.Kernel.Extensibility;

/// <summary>What a simulation takes for granted of people it cannot ask.</summary>
/// <param name="OpensAfter">Everybody opens each mail so long after it was sent; null: nobody does.</param>
/// <param name="ClicksAfter">Everybody clicks the first link of each mail so long after it was sent; null: nobody does.</param>
public sealed record AssumedBehaviour(TimeSpan? OpensAfter, TimeSpan? ClicksAfter);

/// <summary>Something that would happen in a simulation.</summary>
/// <param name="At">Virtual time, not before the step.</param>
public sealed record AssumedActivity(IActivity Activity, DateTimeOffset At);
