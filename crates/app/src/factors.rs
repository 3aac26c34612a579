//! The second factor: a code app in the telephone's place, and recovery codes. Online only: nothing of it is
//! kept here.

use behorig_protocol::{self as protocol, AccountState, path};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::{
    App,
    account::view,
    app::blocking,
    rpc::{
        AccountView, Answer, Code, EnterCode, RecoveryCodes, RemoveTotp, SaveText, Saved, Topic,
        TotpView, WithPassword,
    },
};

/// What the recovery codes are called where they are saved.
const FILE_NAME: &str = "behorig-koder.txt";
/// Longest text that is saved, in bytes: ten codes and a few words.
const TEXT_MAX: usize = 4_096;
/// So many letters of a secret stand together.
const GROUP: usize = 4;

impl App {
    pub(crate) async fn begin_totp(&self, asked: WithPassword) -> Answer<TotpView> {
        let body = protocol::BeginTotp { password: asked.password };
        let begun: protocol::TotpBegun = self.ask_signed(path::TOTP, &body).await?;
        let picture = picture(&begun.address).ok_or(Code::Internal)?;
        Ok(TotpView { secret: grouped(&begun.secret), picture })
    }

    pub(crate) async fn confirm_totp(&self, asked: EnterCode) -> Answer<AccountView> {
        let body = protocol::ConfirmTotp { code: asked.code };
        let state: AccountState = self.ask_signed(path::TOTP_CONFIRM, &body).await?;
        self.host.changed(&[Topic::Account]);
        Ok(view(state))
    }

    pub(crate) async fn remove_totp(&self, asked: RemoveTotp) -> Answer<AccountView> {
        let body = protocol::RemoveTotp { password: asked.password, code: asked.code };
        let state: AccountState = self.ask_signed(path::TOTP_REMOVE, &body).await?;
        self.host.changed(&[Topic::Account]);
        Ok(view(state))
    }

    pub(crate) async fn recovery_codes(&self, asked: WithPassword) -> Answer<RecoveryCodes> {
        let body = protocol::MakeRecoveryCodes { password: asked.password };
        let made: protocol::RecoveryCodes = self.ask_signed(path::RECOVERY_CODES, &body).await?;
        self.host.changed(&[Topic::Account]);
        Ok(RecoveryCodes { codes: made.codes })
    }

    pub(crate) async fn save_recovery_codes(&self, asked: SaveText) -> Answer<Saved> {
        if asked.text.len() > TEXT_MAX {
            return Err(Code::BadRequest.into());
        }
        let Some(path) = self.host.save_as(FILE_NAME.to_owned()).await else {
            return Ok(Saved { saved: false });
        };
        let written = blocking(move || std::fs::write(path, asked.text)).await?;
        written.map_err(|_| Code::FileFailed)?;
        Ok(Saved { saved: true })
    }
}

fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

/// The picture that an app reads, a row each. What it stands on must be light: the window sees to that.
fn picture(address: &str) -> Option<Vec<String>> {
    let code = QrCode::encode_text(address, QrCodeEcc::Medium).ok()?;
    let side = 0..code.size();
    let row = |y| side.clone().map(|x| if code.get_module(x, y) { '1' } else { '0' }).collect();
    Some(side.clone().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_square_and_has_its_three_corners() {
        let picture = picture("otpauth://totp/Beh%C3%B6rig:asa?secret=GEZDGNBVGY3TQOJQ").unwrap();
        assert!(picture.iter().all(|row| row.len() == picture.len()));
        let last = picture.len() - 7;
        for (row, column) in [(0, 0), (0, last), (last, 0)] {
            let part = |row: &String| row.chars().skip(column).take(7).collect::<String>();
            assert_eq!(part(&picture[row]), "1111111");
            assert_eq!(part(&picture[row + 1]), "1000001");
        }
        assert_eq!(grouped("ABCDEFGHIJ"), "ABCD EFGH IJ");
    }
}
