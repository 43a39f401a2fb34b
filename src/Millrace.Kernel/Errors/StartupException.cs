namespace Millrace.Kernel.Errors;

/// <summary>
/// The server cannot start and the operator can do something about it. The message is one clear line without secrets:
/// the host prints it alone, without a stack, and exits with code 1.
/// </summary>
public sealed class StartupException(string oneLine, Exception? cause = null) : Exception(oneLine, cause);
