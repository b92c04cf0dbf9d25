//! Where a SQL Server's linked server points: a row of sys.servers or sp_linkedservers, or the statement that makes one.

use super::words;
use crate::facts::{Answer, Statement};
use crate::ingest::lines::Line;
use crate::ingest::mask::mask;

/// The columns' names, and the parameter of sp_addlinkedserver.
const SOURCES: [&str; 3] = ["srv_datasource", "data_source", "@datasrc"];

/// Where the word for the address stands in a heading or statement; a query alone shows nothing.
fn column(line: &str) -> Option<usize> {
    if words::has(line, "select ") {
        return None;
    }
    SOURCES.iter().find_map(|word| words::find(line, word))
}

/// True for a table's heading, or a statement with the address.
pub fn shows(line: &str) -> bool {
    column(line).is_some() && (words::has(line, "provider") || line.contains('@'))
}

/// The address, where only one linked server is shown or used.
pub fn source(lines: &[Line]) -> Option<(&Line, Statement)> {
    let (index, head) = lines.iter().enumerate().find(|(_, l)| shows(&l.text))?;
    let at = column(&head.text)?;
    let found = match words::after(&head.text, "@datasrc") {
        Some(rest) => (head, rest.split('\'').nth(1)?),
        None => {
            let rows =
                lines.get(index.saturating_add(1)..)?.iter().skip_while(|l| l.text.trim_start().starts_with('-'));
            let rows: Vec<&Line> = rows.take_while(|l| !l.trimmed().is_empty()).collect();
            let used = |row: &&&Line| {
                let name = row.text.split_whitespace().next().map(|name| format!(" {name}."));
                rows.len() == 1 || name.is_some_and(|name| lines.iter().any(|l| l.text.contains(&name)))
            };
            let mut used = rows.iter().filter(used);
            let row = used.next().filter(|_| used.next().is_none())?;
            (*row, cell(&head.text, at, &row.text)?)
        }
    };
    let value = mask(found.1.trim());
    (!value.is_empty() && value != "NULL").then(|| {
        let key = "connection_string".to_owned();
        (found.0, Statement::Answer(Answer { key, value }))
    })
}

/// The cell under a heading: by its number where tabs stand between them, else by its place.
fn cell<'r>(head: &str, at: usize, row: &'r str) -> Option<&'r str> {
    let before = head.get(..at)?.matches('\t').count();
    if before > 0 { row.split('\t').nth(before) } else { row.get(at..)?.split_whitespace().next() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::test_lines;

    fn told(text: &str) -> Option<String> {
        match source(&test_lines(text))?.1 {
            Statement::Answer(a) => Some(a.value),
            _ => None,
        }
    }

    #[test]
    fn the_address_of_a_linked_server() {
        let table = "name    product     provider  data_source\n------- ----------- --------- -----------\nARCHIV  sql_server  MSOLEDBSQL 10.1.2.3,1433\n";
        assert_eq!(told(&table.replace("MSOLEDBSQL ", "SQLNCLI   ")).as_deref(), Some("10.1.2.3,1433"));
        let grid = "SRV_NAME\tSRV_PROVIDERNAME\tSRV_PRODUCT\tSRV_DATASOURCE\tSRV_CAT\nA1\tSQLNCLI\tSQL Server\tsql01\tNULL\nB1\tSQLNCLI\tSQL Server\t10.1.2.3\tNULL\n";
        assert_eq!(told(grid), None);
        assert_eq!(told(&format!("{grid}\nselect * from B1.db.dbo.t")).as_deref(), Some("10.1.2.3"));
        let made = "EXEC sp_addlinkedserver @server=N'ARCHIV', @srvproduct=N'', @provider=N'MSOLEDBSQL', @datasrc=N'10.1.2.3\\X'";
        assert_eq!(told(made).as_deref(), Some("10.1.2.3\\X"));
        assert!(!shows("select name, product, provider, data_source from sys.servers"));
    }
}
