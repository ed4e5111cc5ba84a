using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Gateway.Vault.Storage;

/// <summary>Tells a database that does not answer from a mistake in the code.</summary>
internal static class DatabaseErrors
{
    // EF wraps what it takes for a passing failure in an InvalidOperationException.
    public static bool IsDatabaseError(Exception exception) =>
        exception
            is DbException
                or DbUpdateException
                or TimeoutException
                or IOException
                or UnauthorizedAccessException
                or InvalidOperationException { InnerException: DbException or TimeoutException or IOException };

    /// <summary>The innermost message, which says most. Neither EF nor the drivers put values there.</summary>
    public static string Describe(Exception exception) => exception.GetBaseException().Message;
}
